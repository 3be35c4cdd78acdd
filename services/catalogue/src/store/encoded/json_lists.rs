//! JSON lists, parsed item by item, without copies unless a text contains escapes. Their forms are
//! those of [`crate::store::rows::json_columns`].

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use crate::domain::{Error, Result};

/// Calls `take` with each item of a JSON list.
///
/// # Errors
/// The text is not a JSON list of such items.
pub(super) fn each<'a, T: Deserialize<'a>>(list: &'a str, take: impl FnMut(T)) -> Result<()> {
    if list == "[]" {
        return Ok(());
    }
    let invalid = |error: serde_json::Error| Error::Damaged(Box::new(error));
    let mut json = serde_json::Deserializer::from_str(list);
    json.deserialize_seq(Each(take, PhantomData)).map_err(invalid)?;
    json.end().map_err(invalid)
}

/// The items of a JSON list of texts that are written without escapes, as nearly all are: found by
/// their quotes alone. None if it is another list, for [`each`].
pub(super) fn plain_texts(list: &str) -> Option<impl Iterator<Item = &str>> {
    let items = list.strip_prefix("[\"")?.strip_suffix("\"]")?;
    // No item contains a quote, so a quote followed by a comma ends an item.
    let is_plain = !items.contains('\\') && items.split("\",\"").all(|item| !item.contains('"'));
    is_plain.then(|| items.split("\",\""))
}

struct Each<F, T>(F, PhantomData<T>);

impl<'a, T: Deserialize<'a>, F: FnMut(T)> Visitor<'a> for Each<F, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut list: A) -> std::result::Result<(), A::Error> {
        while let Some(item) = list.next_element()? {
            (self.0)(item);
        }
        Ok(())
    }
}

/// A text, borrowed unless it contains escapes.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        json.deserialize_str(Borrow)
    }
}

/// A number, parsed by the standard library to restore exactly the written value.
#[derive(Debug)]
pub(super) struct Number(pub(super) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
        let number = <&RawValue>::deserialize(json)?;
        number.get().parse().map(Self).map_err(D::Error::custom)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Attribute<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) text: Option<Text<'a>>,
    #[serde(default)]
    pub(super) number: Option<Number>,
    #[serde(default)]
    pub(super) flag: Option<bool>,
    #[serde(borrow, default)]
    pub(super) unit: Text<'a>,
}

/// A picture in its long form, an object.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Picture<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow, default)]
    pub(super) alt: Text<'a>,
    #[serde(default)]
    pub(super) width: i32,
    #[serde(default)]
    pub(super) height: i32,
}

/// A picture in either stored form: an object, or a text with its URL.
#[derive(Debug)]
pub(super) struct Media<'a>(pub(super) Picture<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Media<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Media<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URL or a picture")
            }

            fn visit_borrowed_str<E>(self, url: &'de str) -> std::result::Result<Media<'de>, E> {
                Ok(Media(Picture { url: Text(Cow::Borrowed(url)), ..Picture::default() }))
            }

            fn visit_str<E>(self, url: &str) -> std::result::Result<Media<'de>, E> {
                Ok(Media(Picture { url: Text(Cow::Owned(url.to_owned())), ..Picture::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> std::result::Result<Media<'de>, A::Error> {
                Picture::deserialize(MapAccessDeserializer::new(map)).map(Media)
            }
        }
        json.deserialize_any(Either)
    }
}

/// SKU, GTIN, option values, price, currency, stock, the JSON of its offer, URL of its picture.
#[derive(Debug, Deserialize)]
pub(super) struct Variant<'a>(
    #[serde(borrow)] pub(super) Text<'a>,
    #[serde(borrow)] pub(super) Text<'a>,
    #[serde(borrow)] pub(super) Vec<(Text<'a>, Text<'a>)>,
    pub(super) Option<i64>,
    #[serde(borrow)] pub(super) Option<Text<'a>>,
    pub(super) i32,
    #[serde(borrow)] pub(super) Option<Text<'a>>,
    #[serde(borrow)] pub(super) Text<'a>,
);
