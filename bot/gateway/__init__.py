"""The aiohttp application: the HTTP interface of the reply contract, and the web page."""
