"""How numbers are written where Django's own formats are of another part of the world."""
