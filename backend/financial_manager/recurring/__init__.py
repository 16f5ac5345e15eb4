"""Payments that come again and again: found in the bookings, confirmed, dismissed or entered by hand."""
