#!/usr/bin/env python3
"""Writes the demo catalogue: products.jsonl from products/*.txt, images/ from drawings.py.

    make.py           rewrites both, identically each time
    make.py --check   says what is wrong with what is there, and fails if anything is

A product is a few lines of text, products are parted by an empty line, and `@ A > B` says which
category the following ones are in:

    slug | name | brand | price | stock | external id | image, image | label, label
    attribute: value; attribute: value
    + Another > Category
    The description, to the end of the paragraph.

Only the first, second and last lines are required. A price is in euro unless it says otherwise
(`GBP 9.00`). A value is a flag (`yes`), a number, with or without a unit (`350 ml`), or a text;
quotes keep a text a text. An image is a kind of drawing and a colourway: `mug-blue`.
"""

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
from drawings import COLOURWAYS, DRAWINGS, draw

HERE = Path(__file__).resolve().parent
PRODUCTS, IMAGES = HERE / "products.jsonl", HERE / "images"

NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?: ([^\s\d]+))?")
DECIMALS = {"EUR": 2, "GBP": 2, "USD": 2, "JPY": 0}


# Writing


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        problems = list(check())
        print(*(problems or [summary()]), sep="\n")
        return 1 if problems else 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    products = read_sources()
    PRODUCTS.write_text(to_jsonl(products), encoding="utf-8")
    IMAGES.mkdir(exist_ok=True)
    pictures = images_of(products)
    for stale in {path.name for path in IMAGES.glob("*.svg")} - pictures.keys():
        (IMAGES / stale).unlink()
    for name, svg in pictures.items():
        (IMAGES / name).write_text(svg, encoding="utf-8")
    print(summary())
    return 0


def read_sources() -> list[dict]:
    """Returns every product of products/*.txt, by id."""
    products = []
    for source in sorted((HERE / "products").glob("*.txt")):
        category = None
        for number, block in enumerate(source.read_text(encoding="utf-8").strip().split("\n\n"), 1):
            try:
                if block.startswith("@ "):
                    category = path_of(block)
                else:
                    products.append(product_of(block.splitlines(), category))
            except (ValueError, ArithmeticError, AttributeError) as error:
                raise SystemExit(f"{source.name}, paragraph {number}: {error}\n{block}") from error
    return sorted(products, key=lambda product: product["id"])


def product_of(lines: list[str], category: dict) -> dict:
    head = [field.strip() for field in lines[0].split("|")]
    slug, name, brand, price, stock, external_id, images, labels = head
    also = [path_of(line) for line in lines[2:] if line.startswith("+ ")]
    description = " ".join(line for line in lines[2:] if not line.startswith("+ "))
    product = {
        "id": slug,
        "name": name,
        "description": description,
        "price": price_of(price),
        "stockQty": int(stock),
        "imageUrls": [f"/media/{image}.svg" for image in listed(images)],
        "brand": brand,
        "categoryPaths": [category, *also],
        "attributes": [attribute_of(pair) for pair in lines[1].split(";")],
        "labels": listed(labels),
        "externalId": external_id,
    }
    return {key: value for key, value in product.items() if value not in ("", [])}


def price_of(text: str) -> dict:
    currency, amount = text.split() if " " in text else ("EUR", text)
    units, fraction = divmod(Decimal(amount), 1)
    price = {"currencyCode": currency, "units": str(units)}
    return price | {"nanos": int(fraction * 10**9)} if fraction else price


def attribute_of(pair: str) -> dict:
    name, value = (part.strip() for part in pair.split(":", 1))
    if value in ("yes", "no"):
        return {"name": name, "flag": value == "yes"}
    if number := NUMBER.fullmatch(value):
        digits, unit = number.groups()
        amount = {"name": name, "number": float(digits) if "." in digits else int(digits)}
        return amount | {"unit": unit} if unit else amount
    return {"name": name, "text": value.strip('"')}


def path_of(line: str) -> dict:
    return {"names": [name.strip() for name in line[2:].split(">")]}


def listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def to_jsonl(products: list[dict]) -> str:
    return "".join(json.dumps(product, ensure_ascii=False) + "\n" for product in products)


def images_of(products: list[dict]) -> dict[str, str]:
    """Returns the file names and contents of every image some product shows."""
    urls = sorted({url for product in products for url in product["imageUrls"]})
    names = [url.removeprefix("/media/") for url in urls]
    return {name: draw(*name.removesuffix(".svg").split("-")) for name in names}


# Checking


def check():
    """Yields what is wrong with the files as they are, not as they would be made."""
    lines = PRODUCTS.read_text(encoding="utf-8").splitlines()
    products = [json.loads(line) for line in lines]
    misshapen = False
    for number, product in enumerate(products, 1):
        for problem in problems_of(product):
            misshapen = True
            yield f"line {number}, {product.get('id')}: {problem}"
    if misshapen:
        return  # what follows relies on the shape

    for key in ("id", "externalId", "name"):
        values = [product[key] for product in products]
        yield from (f"{key} {value!r} is not unique" for value in repeated(values))
    descriptions = [product["description"] for product in products]
    yield from (f"repeated description: {text}" for text in repeated(descriptions))
    if [product["id"] for product in products] != sorted(product["id"] for product in products):
        yield "products are not sorted by id"

    kinds: dict[str, set] = {}
    for attribute in (attribute for product in products for attribute in product["attributes"]):
        kinds.setdefault(attribute["name"], set()).update(attribute.keys() - {"name", "unit"})
    for name, values in sorted(kinds.items()):
        if len(values) > 1:
            yield f"attribute {name} is sometimes {' and sometimes '.join(sorted(values))}"

    files = {path.name: path for path in IMAGES.iterdir()}
    shown = {url.removeprefix("/media/") for product in products for url in product["imageUrls"]}
    yield from (f"images/{name} does not exist" for name in sorted(shown - files.keys()))
    yield from (f"images/{name} is not shown by any product" for name in sorted(files.keys() - shown))
    for name, path in sorted(files.items()):
        svg = path.read_text(encoding="utf-8")
        if len(svg.encode()) > 3072:
            yield f"images/{name} is over 3 KB"
        if re.search(r"<script|<text|href|url\(|\$", svg):
            yield f"images/{name} has something we do not draw"

    departments, leaves = categories(products)
    for what, count, least, most in [
        ("products", len(products), 320, 420),
        ("departments", len(departments), 7, 9),
        ("leaf categories", len(leaves), 24, 60),
        ("images", len(files), 40, 90),
        ("out of stock", sum(product["stockQty"] == 0 for product in products), 5, 30),
    ]:
        if not least <= count <= most:
            yield f"{what}: {count}, which is not {least} to {most}"

    made = read_sources()
    if to_jsonl(made) != PRODUCTS.read_text(encoding="utf-8"):
        yield "products.jsonl is not what make.py would write"
    for name, svg in images_of(made).items():
        if name in files and files[name].read_text(encoding="utf-8") != svg:
            yield f"images/{name} is not what make.py would write"


def problems_of(product: dict):
    shape = {
        "id": str, "name": str, "description": str, "price": dict, "stockQty": int, "imageUrls": list,
        "brand": str, "categoryPaths": list, "attributes": list, "labels": list, "externalId": str,
    }  # fmt: skip
    optional = {"brand", "labels"}
    yield from (f"unknown key {key}" for key in product.keys() - shape.keys())
    yield from (f"no {key}" for key in shape.keys() - optional - product.keys())
    wrong = [key for key, value in product.items() if type(value) is not shape.get(key) or value in ("", [])]
    yield from (f"{key} is {product[key]!r}" for key in wrong)
    if wrong or shape.keys() - optional - product.keys():
        return

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", product["id"]) or len(product["id"]) > 64:
        yield "the id is not a slug of at most 64 characters"
    if not 40 <= len(product["description"]) <= 400:
        yield f"the description has {len(product['description'])} characters"
    if product["stockQty"] < 0:
        yield "stock is negative"

    price = product["price"]
    nanos = price.get("nanos", 0)
    if price.get("currencyCode") not in DECIMALS or not re.fullmatch(r'"\d+"', json.dumps(price.get("units"))):
        yield f"price {price}"
    elif type(nanos) is not int or nanos % 10 ** (9 - DECIMALS[price["currencyCode"]]) or not 0 <= nanos < 10**9:
        yield f"nanos {nanos} in {price['currencyCode']}"
    elif price["units"] == "0" and nanos == 0:
        yield "is free"

    for url in product["imageUrls"]:
        kind, _, colourway = url.removeprefix("/media/").removesuffix(".svg").partition("-")
        if kind not in DRAWINGS or colourway not in COLOURWAYS:
            yield f"image {url}"
    for path in product["categoryPaths"]:
        if not 2 <= len(path["names"]) <= 3 or not all(path["names"]):
            yield f"category {path}"
    for attribute in product["attributes"]:
        value = attribute.keys() - {"name", "unit"}
        if value not in ({"text"}, {"number"}, {"flag"}) or ("unit" in attribute) > ("number" in value):
            yield f"attribute {attribute}"
    yield from (f"attribute {name} twice" for name in repeated([a["name"] for a in product["attributes"]]))


def repeated(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


def categories(products: list[dict]) -> tuple[set, set]:
    """Returns the departments, and the whole paths products lie at."""
    leaves = {tuple(path["names"]) for product in products for path in product["categoryPaths"]}
    return {names[0] for names in leaves}, leaves


def summary() -> str:
    products = [json.loads(line) for line in PRODUCTS.read_text(encoding="utf-8").splitlines()]
    departments, leaves = categories(products)
    images = list(IMAGES.glob("*.svg"))
    size = sum(path.stat().st_size for path in images)
    return (
        f"{len(products)} products ({PRODUCTS.stat().st_size} bytes) in {len(leaves)} categories"
        f" under {len(departments)} departments; {len(images)} images ({size} bytes)"
    )


if __name__ == "__main__":
    sys.exit(main())
