-- The peers' table: 100,000 products of about 330 bytes of protobuf each, the same in every run.
CREATE TABLE products (
  id          text PRIMARY KEY,
  category_id text NOT NULL,
  name        text NOT NULL,
  description text NOT NULL,
  price_eur   double precision NOT NULL,
  stock_qty   integer NOT NULL,
  image_urls  text[] NOT NULL,
  created_at  timestamptz NOT NULL
);
INSERT INTO products
SELECT 'p' || lpad(i::text, 8, '0'),
       'c' || lpad((i % 100)::text, 3, '0'),
       'Product ' || i || ' ' || substr(md5(i::text), 1, 12),
       'Deterministic description of product ' || i || ': ' || md5('a' || i) || ' ' || md5('b' || i),
       round((1 + (i * 7919 % 99900) / 100.0)::numeric, 2)::double precision,
       (i * 31 % 1000)::integer,
       ARRAY['https://img.example.test/p/' || i || '/front.jpg',
             'https://img.example.test/p/' || i || '/side.jpg',
             'https://img.example.test/p/' || i || '/back.jpg'],
       timestamptz '2025-01-01 00:00:00+00' + (i || ' seconds')::interval
FROM generate_series(1, 100000) AS i;
CREATE INDEX products_by_category ON products (category_id, id);
