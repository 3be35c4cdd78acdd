//! Meanings found in a query.

/// A part of a query, with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnderstoodSpan {
    /// As typed.
    pub(crate) span: String,
    pub(crate) kind: SpanKind,
    /// Demand in the filter language; empty if no filter says it.
    pub(crate) filter: String,
    /// From 0 to 1.
    pub(crate) confidence: f32,
    /// Whether it was given up because it left nothing.
    pub(crate) unmet: bool,
}

/// The kind of a part of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// A bound of the price.
    Price,
    /// Words that a product must not have.
    Exclusion,
    /// Words that must be side by side.
    Phrase,
    Brand,
    /// A kind of product.
    Type,
    /// A number with its unit.
    Measure,
    /// The thing that a product must fit.
    Relation,
    /// Words that only make a sentence of the query.
    Filler,
    /// A need, read as the thing that meets it.
    Need,
    /// Only the brand's own products.
    OwnBrand,
}
