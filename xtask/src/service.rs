//! The services.

/// A service, which has a program and an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Service {
    Catalogue,
    Search,
    Gateway,
}

impl Service {
    pub(crate) const ALL: [Self; 3] = [Self::Catalogue, Self::Search, Self::Gateway];

    /// Name of the program, the image and the target in the Containerfile.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Search => "search",
            Self::Gateway => "gateway",
        }
    }
}
