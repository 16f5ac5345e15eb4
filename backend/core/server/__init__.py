"""This hub as others find it: its name and id, its addresses, the code that phones scan, and its word on the LAN."""
