"""Pages of people: one's own account and sessions, the people of an organization, invitations."""
