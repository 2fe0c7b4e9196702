"""Three invented newspapers whose markup no template of the project knows, each in another language."""
