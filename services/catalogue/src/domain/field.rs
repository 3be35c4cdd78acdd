//! The fields of a product that can be written, and sets of them.

/// What of a product can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Description,
    Price,
    /// How many there are; with variants, of each of them too.
    StockQty,
    Media,
    Brand,
    CategoryIds,
    Attributes,
    Labels,
    ExternalId,
    /// All of the variants but how many there are of each.
    Variants,
    Status,
}

impl Field {
    pub(crate) const ALL: [Self; 12] = [
        Self::Name,
        Self::Description,
        Self::Price,
        Self::StockQty,
        Self::Media,
        Self::Brand,
        Self::CategoryIds,
        Self::Attributes,
        Self::Labels,
        Self::ExternalId,
        Self::Variants,
        Self::Status,
    ];

    /// The field's name in the contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::Price => "price",
            Self::StockQty => "stock_qty",
            Self::Media => "media",
            Self::Brand => "brand",
            Self::CategoryIds => "category_ids",
            Self::Attributes => "attributes",
            Self::Labels => "labels",
            Self::ExternalId => "external_id",
            Self::Variants => "variants",
            Self::Status => "status",
        }
    }

    /// The field of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// A set of fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mask(u16);

impl Mask {
    pub(crate) fn all() -> Self {
        Field::ALL.into_iter().fold(Self::default(), Self::with)
    }

    #[must_use]
    pub(crate) fn with(self, field: Field) -> Self {
        Self(self.0 | 1 << field as u16)
    }

    pub(crate) fn has(self, field: Field) -> bool {
        self.0 & 1 << field as u16 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a change of these concerns nothing but the stock.
    pub(crate) fn is_stock_alone(self) -> bool {
        self == Self::default().with(Field::StockQty)
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
}
