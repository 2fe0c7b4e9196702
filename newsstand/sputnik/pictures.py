"""Addresses of photographs on the CDN, and their credit lines."""

from hashlib import md5

from newsstand.story import Picture

CDN = "cdnnit1.img.sputniknews.com"
CROPS = {"16x9": ("0:160:3073:1888", 1080), "4x3": ("170:0:2901:2048", 1440), "1x1": ("512:0:2560:2048", 1920)}


def address(picture: Picture, crop: str = "16x9") -> str:
    """A crop's URL: the folder is the day in hexadecimal, the file ends in a digest."""
    day, box = picture.taken, CROPS[crop][0] if crop in CROPS else "0:0:3073:2048"
    digest = md5(f"{picture.number}{crop}".encode(), usedforsecurity=False).hexdigest()
    folder = f"{day.year:04x}/{day.month:02x}/{day.day:02x}"
    return f"https://{CDN}/img/{folder}/{picture.number}_{box}_1920x0_80_0_0_{digest}.jpg"


def credit(picture: Picture) -> str:
    """The credit in the ground truth: without a year."""
    owner = f"© {picture.agency}"
    return f"{owner} / {picture.photographer}" if picture.photographer else owner


def printed_credit(picture: Picture, year: int) -> str:
    """The credit as the page prints it: agencies other than the publisher's get the year of rendering."""
    if picture.agency == "Sputnik" or picture.agency.startswith("Foto"):
        return credit(picture)
    return credit(picture).replace(f"© {picture.agency}", f"© {picture.agency} {year}", 1)
