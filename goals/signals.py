"""What the apps above are told of."""

from django.dispatch import Signal

# Sent after commit when an exchange rate came or changed: what is stored in US dollars is then out of date.
rates_changed = Signal()
