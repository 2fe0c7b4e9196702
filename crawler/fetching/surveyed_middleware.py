"""Answers a crawl's requests with what its survey was answered, so that nothing is asked twice.

A Scrapy downloader middleware. The answer is a capture since the survey.
"""

from scrapy import Request
from scrapy.http import Response

SURVEYED = "surveyed"
"""Key of a request's meta: the answer to hand on."""


class SurveyedAnswers:
    """Requests without SURVEYED are sent."""

    def process_request(self, request: Request) -> Response | None:
        answer: Response | None = request.meta.pop(SURVEYED, None)
        return answer.replace(request=request) if answer is not None else None
