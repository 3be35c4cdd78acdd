"""Finds a product, sells one, and watches its stock: python3 quick_start.py http://127.0.0.1:8080 [KEY]"""

import sys

from catalogue_client import Client, errors

client = Client(sys.argv[1], key=sys.argv[2] if len(sys.argv) > 2 else None)

hit = client.search(q="mug", page_size=1)["results"][0]
product = hit["product"]
print(product["id"], product["name"], product.get("priceEur", "no price"), product["stockQty"])

for event in client.watch_availability([product["id"]]):
    print(event.type, event.data["stockQty"])
    if event.data["stockQty"] < product["stockQty"]:
        break
    client.adjust_stock(product["id"], {"delta": -1})

try:
    client.get_product("no-such-product")
except errors.ProductNotFound as error:
    print(error.reason, error.request_id)
