"""The ground floor: what every app stands on. It knows no app."""
