impl serde::Serialize for Boost {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Boost", len)?;
        if true {
            struct_ser.serialize_field("filter", &self.filter)?;
        }
        if true {
            struct_ser.serialize_field("factor", &self.factor)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Boost {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "filter",
            "factor",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Filter,
            Factor,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "filter" => Ok(GeneratedField::Filter),
                            "factor" => Ok(GeneratedField::Factor),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Boost;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Boost")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Boost, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut filter__ = None;
                let mut factor__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Filter => {
                            if filter__.is_some() {
                                return Err(serde::de::Error::duplicate_field("filter"));
                            }
                            filter__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Factor => {
                            if factor__.is_some() {
                                return Err(serde::de::Error::duplicate_field("factor"));
                            }
                            factor__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(Boost {
                    filter: filter__.unwrap_or_default(),
                    factor: factor__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Boost", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Condition {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Condition", len)?;
        if true {
            struct_ser.serialize_field("queries", &self.queries)?;
        }
        if true {
            struct_ser.serialize_field("contains", &self.contains)?;
        }
        if true {
            struct_ser.serialize_field("categoryId", &self.category_id)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Condition {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "queries",
            "contains",
            "category_id",
            "categoryId",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Queries,
            Contains,
            CategoryId,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "queries" => Ok(GeneratedField::Queries),
                            "contains" => Ok(GeneratedField::Contains),
                            "categoryId" | "category_id" => Ok(GeneratedField::CategoryId),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Condition;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Condition")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Condition, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut queries__ = None;
                let mut contains__ = None;
                let mut category_id__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Queries => {
                            if queries__.is_some() {
                                return Err(serde::de::Error::duplicate_field("queries"));
                            }
                            queries__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Contains => {
                            if contains__.is_some() {
                                return Err(serde::de::Error::duplicate_field("contains"));
                            }
                            contains__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CategoryId => {
                            if category_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("categoryId"));
                            }
                            category_id__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Condition {
                    queries: queries__.unwrap_or_default(),
                    contains: contains__.unwrap_or_default(),
                    category_id: category_id__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Condition", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Control {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Control", len)?;
        if true {
            struct_ser.serialize_field("id", &self.id)?;
        }
        if true {
            struct_ser.serialize_field("description", &self.description)?;
        }
        if let Some(v) = self.condition.as_ref() {
            struct_ser.serialize_field("condition", v)?;
        }
        if true {
            struct_ser.serialize_field("pins", &self.pins)?;
        }
        if true {
            struct_ser.serialize_field("boosts", &self.boosts)?;
        }
        if let Some(v) = self.start_time.as_ref() {
            struct_ser.serialize_field("startTime", &crate::time::Utc(v))?;
        }
        if let Some(v) = self.end_time.as_ref() {
            struct_ser.serialize_field("endTime", &crate::time::Utc(v))?;
        }
        if true {
            struct_ser.serialize_field("disabled", &self.disabled)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Control {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "id",
            "description",
            "condition",
            "pins",
            "boosts",
            "start_time",
            "startTime",
            "end_time",
            "endTime",
            "disabled",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Id,
            Description,
            Condition,
            Pins,
            Boosts,
            StartTime,
            EndTime,
            Disabled,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "id" => Ok(GeneratedField::Id),
                            "description" => Ok(GeneratedField::Description),
                            "condition" => Ok(GeneratedField::Condition),
                            "pins" => Ok(GeneratedField::Pins),
                            "boosts" => Ok(GeneratedField::Boosts),
                            "startTime" | "start_time" => Ok(GeneratedField::StartTime),
                            "endTime" | "end_time" => Ok(GeneratedField::EndTime),
                            "disabled" => Ok(GeneratedField::Disabled),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Control;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Control")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Control, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut id__ = None;
                let mut description__ = None;
                let mut condition__ = None;
                let mut pins__ = None;
                let mut boosts__ = None;
                let mut start_time__ = None;
                let mut end_time__ = None;
                let mut disabled__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Id => {
                            if id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("id"));
                            }
                            id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Description => {
                            if description__.is_some() {
                                return Err(serde::de::Error::duplicate_field("description"));
                            }
                            description__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Condition => {
                            if condition__.is_some() {
                                return Err(serde::de::Error::duplicate_field("condition"));
                            }
                            condition__ = map_.next_value()?;
                        }
                        GeneratedField::Pins => {
                            if pins__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pins"));
                            }
                            pins__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Boosts => {
                            if boosts__.is_some() {
                                return Err(serde::de::Error::duplicate_field("boosts"));
                            }
                            boosts__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StartTime => {
                            if start_time__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startTime"));
                            }
                            start_time__ = map_.next_value()?;
                        }
                        GeneratedField::EndTime => {
                            if end_time__.is_some() {
                                return Err(serde::de::Error::duplicate_field("endTime"));
                            }
                            end_time__ = map_.next_value()?;
                        }
                        GeneratedField::Disabled => {
                            if disabled__.is_some() {
                                return Err(serde::de::Error::duplicate_field("disabled"));
                            }
                            disabled__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Control {
                    id: id__.unwrap_or_default(),
                    description: description__.unwrap_or_default(),
                    condition: condition__,
                    pins: pins__.unwrap_or_default(),
                    boosts: boosts__.unwrap_or_default(),
                    start_time: start_time__,
                    end_time: end_time__,
                    disabled: disabled__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Control", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DeleteControlRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.DeleteControlRequest", len)?;
        if true {
            struct_ser.serialize_field("controlId", &self.control_id)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DeleteControlRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "control_id",
            "controlId",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ControlId,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "controlId" | "control_id" => Ok(GeneratedField::ControlId),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DeleteControlRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.DeleteControlRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DeleteControlRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut control_id__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ControlId => {
                            if control_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("controlId"));
                            }
                            control_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(DeleteControlRequest {
                    control_id: control_id__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.DeleteControlRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DeleteControlResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.DeleteControlResponse", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DeleteControlResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DeleteControlResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.DeleteControlResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DeleteControlResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(DeleteControlResponse {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.DeleteControlResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DeleteSynonymRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.DeleteSynonymRequest", len)?;
        if true {
            struct_ser.serialize_field("synonymId", &self.synonym_id)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DeleteSynonymRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "synonym_id",
            "synonymId",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            SynonymId,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "synonymId" | "synonym_id" => Ok(GeneratedField::SynonymId),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DeleteSynonymRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.DeleteSynonymRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DeleteSynonymRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut synonym_id__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::SynonymId => {
                            if synonym_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("synonymId"));
                            }
                            synonym_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(DeleteSynonymRequest {
                    synonym_id: synonym_id__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.DeleteSynonymRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DeleteSynonymResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.DeleteSynonymResponse", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DeleteSynonymResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DeleteSynonymResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.DeleteSynonymResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DeleteSynonymResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(DeleteSynonymResponse {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.DeleteSynonymResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ExplainHitRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ExplainHitRequest", len)?;
        if true {
            struct_ser.serialize_field("query", &self.query)?;
        }
        if true {
            struct_ser.serialize_field("productId", &self.product_id)?;
        }
        if true {
            struct_ser.serialize_field("categoryId", &self.category_id)?;
        }
        if true {
            struct_ser.serialize_field("filter", &self.filter)?;
        }
        if true {
            struct_ser.serialize_field("asWords", &self.as_words)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ExplainHitRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "query",
            "product_id",
            "productId",
            "category_id",
            "categoryId",
            "filter",
            "as_words",
            "asWords",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Query,
            ProductId,
            CategoryId,
            Filter,
            AsWords,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "query" => Ok(GeneratedField::Query),
                            "productId" | "product_id" => Ok(GeneratedField::ProductId),
                            "categoryId" | "category_id" => Ok(GeneratedField::CategoryId),
                            "filter" => Ok(GeneratedField::Filter),
                            "asWords" | "as_words" => Ok(GeneratedField::AsWords),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ExplainHitRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ExplainHitRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ExplainHitRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut query__ = None;
                let mut product_id__ = None;
                let mut category_id__ = None;
                let mut filter__ = None;
                let mut as_words__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Query => {
                            if query__.is_some() {
                                return Err(serde::de::Error::duplicate_field("query"));
                            }
                            query__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ProductId => {
                            if product_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("productId"));
                            }
                            product_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CategoryId => {
                            if category_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("categoryId"));
                            }
                            category_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Filter => {
                            if filter__.is_some() {
                                return Err(serde::de::Error::duplicate_field("filter"));
                            }
                            filter__ = Some(map_.next_value()?);
                        }
                        GeneratedField::AsWords => {
                            if as_words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("asWords"));
                            }
                            as_words__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(ExplainHitRequest {
                    query: query__.unwrap_or_default(),
                    product_id: product_id__.unwrap_or_default(),
                    category_id: category_id__.unwrap_or_default(),
                    filter: filter__.unwrap_or_default(),
                    as_words: as_words__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ExplainHitRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ExplainHitResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ExplainHitResponse", len)?;
        if true {
            struct_ser.serialize_field("matched", &self.matched)?;
        }
        if true {
            struct_ser.serialize_field("position", &self.position)?;
        }
        if true {
            struct_ser.serialize_field("score", &self.score)?;
        }
        if true {
            struct_ser.serialize_field("reasons", &self.reasons)?;
        }
        if true {
            struct_ser.serialize_field("words", &self.words)?;
        }
        if true {
            struct_ser.serialize_field("understood", &self.understood)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ExplainHitResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "matched",
            "position",
            "score",
            "reasons",
            "words",
            "understood",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Matched,
            Position,
            Score,
            Reasons,
            Words,
            Understood,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "matched" => Ok(GeneratedField::Matched),
                            "position" => Ok(GeneratedField::Position),
                            "score" => Ok(GeneratedField::Score),
                            "reasons" => Ok(GeneratedField::Reasons),
                            "words" => Ok(GeneratedField::Words),
                            "understood" => Ok(GeneratedField::Understood),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ExplainHitResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ExplainHitResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ExplainHitResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut matched__ = None;
                let mut position__ = None;
                let mut score__ = None;
                let mut reasons__ = None;
                let mut words__ = None;
                let mut understood__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Matched => {
                            if matched__.is_some() {
                                return Err(serde::de::Error::duplicate_field("matched"));
                            }
                            matched__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Position => {
                            if position__.is_some() {
                                return Err(serde::de::Error::duplicate_field("position"));
                            }
                            position__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Score => {
                            if score__.is_some() {
                                return Err(serde::de::Error::duplicate_field("score"));
                            }
                            score__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Reasons => {
                            if reasons__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reasons"));
                            }
                            reasons__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Words => {
                            if words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("words"));
                            }
                            words__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Understood => {
                            if understood__.is_some() {
                                return Err(serde::de::Error::duplicate_field("understood"));
                            }
                            understood__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(ExplainHitResponse {
                    matched: matched__.unwrap_or_default(),
                    position: position__.unwrap_or_default(),
                    score: score__.unwrap_or_default(),
                    reasons: reasons__.unwrap_or_default(),
                    words: words__.unwrap_or_default(),
                    understood: understood__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ExplainHitResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Facet {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Facet", len)?;
        if true {
            struct_ser.serialize_field("field", &self.field)?;
        }
        if true {
            struct_ser.serialize_field("values", &self.values)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Facet {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "field",
            "values",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Field,
            Values,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "field" => Ok(GeneratedField::Field),
                            "values" => Ok(GeneratedField::Values),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Facet;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Facet")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Facet, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut field__ = None;
                let mut values__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Field => {
                            if field__.is_some() {
                                return Err(serde::de::Error::duplicate_field("field"));
                            }
                            field__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Values => {
                            if values__.is_some() {
                                return Err(serde::de::Error::duplicate_field("values"));
                            }
                            values__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Facet {
                    field: field__.unwrap_or_default(),
                    values: values__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Facet", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for FacetValue {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.FacetValue", len)?;
        if true {
            struct_ser.serialize_field("value", &self.value)?;
        }
        if true {
            struct_ser.serialize_field("label", &self.label)?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("count", ToString::to_string(&self.count).as_str())?;
        }
        if true {
            struct_ser.serialize_field("selected", &self.selected)?;
        }
        if true {
            struct_ser.serialize_field("parent", &self.parent)?;
        }
        if let Some(v) = self.from.as_ref() {
            struct_ser.serialize_field("from", v)?;
        }
        if let Some(v) = self.to.as_ref() {
            struct_ser.serialize_field("to", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for FacetValue {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "value",
            "label",
            "count",
            "selected",
            "parent",
            "from",
            "to",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Value,
            Label,
            Count,
            Selected,
            Parent,
            From,
            To,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "value" => Ok(GeneratedField::Value),
                            "label" => Ok(GeneratedField::Label),
                            "count" => Ok(GeneratedField::Count),
                            "selected" => Ok(GeneratedField::Selected),
                            "parent" => Ok(GeneratedField::Parent),
                            "from" => Ok(GeneratedField::From),
                            "to" => Ok(GeneratedField::To),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = FacetValue;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.FacetValue")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<FacetValue, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut value__ = None;
                let mut label__ = None;
                let mut count__ = None;
                let mut selected__ = None;
                let mut parent__ = None;
                let mut from__ = None;
                let mut to__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Value => {
                            if value__.is_some() {
                                return Err(serde::de::Error::duplicate_field("value"));
                            }
                            value__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Label => {
                            if label__.is_some() {
                                return Err(serde::de::Error::duplicate_field("label"));
                            }
                            label__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Count => {
                            if count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("count"));
                            }
                            count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Selected => {
                            if selected__.is_some() {
                                return Err(serde::de::Error::duplicate_field("selected"));
                            }
                            selected__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Parent => {
                            if parent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("parent"));
                            }
                            parent__ = Some(map_.next_value()?);
                        }
                        GeneratedField::From => {
                            if from__.is_some() {
                                return Err(serde::de::Error::duplicate_field("from"));
                            }
                            from__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::To => {
                            if to__.is_some() {
                                return Err(serde::de::Error::duplicate_field("to"));
                            }
                            to__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                    }
                }
                Ok(FacetValue {
                    value: value__.unwrap_or_default(),
                    label: label__.unwrap_or_default(),
                    count: count__.unwrap_or_default(),
                    selected: selected__.unwrap_or_default(),
                    parent: parent__.unwrap_or_default(),
                    from: from__,
                    to: to__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.FacetValue", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Fragment {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Fragment", len)?;
        if true {
            struct_ser.serialize_field("text", &self.text)?;
        }
        if true {
            let v = Match::try_from(self.r#match)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.r#match)))?;
            struct_ser.serialize_field("match", &v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Fragment {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "text",
            "match",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Text,
            Match,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "text" => Ok(GeneratedField::Text),
                            "match" => Ok(GeneratedField::Match),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Fragment;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Fragment")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Fragment, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut text__ = None;
                let mut r#match__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Match => {
                            if r#match__.is_some() {
                                return Err(serde::de::Error::duplicate_field("match"));
                            }
                            r#match__ = Some(map_.next_value::<Match>()? as i32);
                        }
                    }
                }
                Ok(Fragment {
                    text: text__.unwrap_or_default(),
                    r#match: r#match__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Fragment", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for GetIndexStatusRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.GetIndexStatusRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for GetIndexStatusRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = GetIndexStatusRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.GetIndexStatusRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<GetIndexStatusRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(GetIndexStatusRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.GetIndexStatusRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for GetIndexStatusResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.GetIndexStatusResponse", len)?;
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("productCount", ToString::to_string(&self.product_count).as_str())?;
        }
        if true {
            struct_ser.serialize_field("caughtUp", &self.caught_up)?;
        }
        if true {
            struct_ser.serialize_field("indexedRevision", &self.indexed_revision)?;
        }
        if let Some(v) = self.caught_up_time.as_ref() {
            struct_ser.serialize_field("caughtUpTime", &crate::time::Utc(v))?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("sizeBytes", ToString::to_string(&self.size_bytes).as_str())?;
        }
        if true {
            struct_ser.serialize_field("schemaVersion", &self.schema_version)?;
        }
        if true {
            struct_ser.serialize_field("rebuilding", &self.rebuilding)?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rebuiltCount", ToString::to_string(&self.rebuilt_count).as_str())?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("appliedChanges", ToString::to_string(&self.applied_changes).as_str())?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("repeatedChanges", ToString::to_string(&self.repeated_changes).as_str())?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("settingsRevision", ToString::to_string(&self.settings_revision).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for GetIndexStatusResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "product_count",
            "productCount",
            "caught_up",
            "caughtUp",
            "indexed_revision",
            "indexedRevision",
            "caught_up_time",
            "caughtUpTime",
            "size_bytes",
            "sizeBytes",
            "schema_version",
            "schemaVersion",
            "rebuilding",
            "rebuilt_count",
            "rebuiltCount",
            "applied_changes",
            "appliedChanges",
            "repeated_changes",
            "repeatedChanges",
            "settings_revision",
            "settingsRevision",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ProductCount,
            CaughtUp,
            IndexedRevision,
            CaughtUpTime,
            SizeBytes,
            SchemaVersion,
            Rebuilding,
            RebuiltCount,
            AppliedChanges,
            RepeatedChanges,
            SettingsRevision,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "productCount" | "product_count" => Ok(GeneratedField::ProductCount),
                            "caughtUp" | "caught_up" => Ok(GeneratedField::CaughtUp),
                            "indexedRevision" | "indexed_revision" => Ok(GeneratedField::IndexedRevision),
                            "caughtUpTime" | "caught_up_time" => Ok(GeneratedField::CaughtUpTime),
                            "sizeBytes" | "size_bytes" => Ok(GeneratedField::SizeBytes),
                            "schemaVersion" | "schema_version" => Ok(GeneratedField::SchemaVersion),
                            "rebuilding" => Ok(GeneratedField::Rebuilding),
                            "rebuiltCount" | "rebuilt_count" => Ok(GeneratedField::RebuiltCount),
                            "appliedChanges" | "applied_changes" => Ok(GeneratedField::AppliedChanges),
                            "repeatedChanges" | "repeated_changes" => Ok(GeneratedField::RepeatedChanges),
                            "settingsRevision" | "settings_revision" => Ok(GeneratedField::SettingsRevision),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = GetIndexStatusResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.GetIndexStatusResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<GetIndexStatusResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut product_count__ = None;
                let mut caught_up__ = None;
                let mut indexed_revision__ = None;
                let mut caught_up_time__ = None;
                let mut size_bytes__ = None;
                let mut schema_version__ = None;
                let mut rebuilding__ = None;
                let mut rebuilt_count__ = None;
                let mut applied_changes__ = None;
                let mut repeated_changes__ = None;
                let mut settings_revision__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ProductCount => {
                            if product_count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("productCount"));
                            }
                            product_count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::CaughtUp => {
                            if caught_up__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caughtUp"));
                            }
                            caught_up__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IndexedRevision => {
                            if indexed_revision__.is_some() {
                                return Err(serde::de::Error::duplicate_field("indexedRevision"));
                            }
                            indexed_revision__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CaughtUpTime => {
                            if caught_up_time__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caughtUpTime"));
                            }
                            caught_up_time__ = map_.next_value()?;
                        }
                        GeneratedField::SizeBytes => {
                            if size_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sizeBytes"));
                            }
                            size_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SchemaVersion => {
                            if schema_version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("schemaVersion"));
                            }
                            schema_version__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Rebuilding => {
                            if rebuilding__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rebuilding"));
                            }
                            rebuilding__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RebuiltCount => {
                            if rebuilt_count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rebuiltCount"));
                            }
                            rebuilt_count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::AppliedChanges => {
                            if applied_changes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("appliedChanges"));
                            }
                            applied_changes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RepeatedChanges => {
                            if repeated_changes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("repeatedChanges"));
                            }
                            repeated_changes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SettingsRevision => {
                            if settings_revision__.is_some() {
                                return Err(serde::de::Error::duplicate_field("settingsRevision"));
                            }
                            settings_revision__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(GetIndexStatusResponse {
                    product_count: product_count__.unwrap_or_default(),
                    caught_up: caught_up__.unwrap_or_default(),
                    indexed_revision: indexed_revision__.unwrap_or_default(),
                    caught_up_time: caught_up_time__,
                    size_bytes: size_bytes__.unwrap_or_default(),
                    schema_version: schema_version__.unwrap_or_default(),
                    rebuilding: rebuilding__.unwrap_or_default(),
                    rebuilt_count: rebuilt_count__.unwrap_or_default(),
                    applied_changes: applied_changes__.unwrap_or_default(),
                    repeated_changes: repeated_changes__.unwrap_or_default(),
                    settings_revision: settings_revision__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.GetIndexStatusResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for GetRankingRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.GetRankingRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for GetRankingRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = GetRankingRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.GetRankingRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<GetRankingRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(GetRankingRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.GetRankingRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for GetStopWordsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.GetStopWordsRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for GetStopWordsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = GetStopWordsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.GetStopWordsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<GetStopWordsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(GetStopWordsRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.GetStopWordsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Highlight {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Highlight", len)?;
        if true {
            struct_ser.serialize_field("field", &self.field)?;
        }
        if true {
            struct_ser.serialize_field("fragments", &self.fragments)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Highlight {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "field",
            "fragments",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Field,
            Fragments,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "field" => Ok(GeneratedField::Field),
                            "fragments" => Ok(GeneratedField::Fragments),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Highlight;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Highlight")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Highlight, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut field__ = None;
                let mut fragments__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Field => {
                            if field__.is_some() {
                                return Err(serde::de::Error::duplicate_field("field"));
                            }
                            field__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Fragments => {
                            if fragments__.is_some() {
                                return Err(serde::de::Error::duplicate_field("fragments"));
                            }
                            fragments__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Highlight {
                    field: field__.unwrap_or_default(),
                    fragments: fragments__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Highlight", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListControlsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.ListControlsRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListControlsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListControlsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListControlsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListControlsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(ListControlsRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListControlsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListControlsResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ListControlsResponse", len)?;
        if true {
            struct_ser.serialize_field("controls", &self.controls)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListControlsResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "controls",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Controls,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "controls" => Ok(GeneratedField::Controls),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListControlsResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListControlsResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListControlsResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut controls__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Controls => {
                            if controls__.is_some() {
                                return Err(serde::de::Error::duplicate_field("controls"));
                            }
                            controls__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(ListControlsResponse {
                    controls: controls__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListControlsResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListQueryStatsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ListQueryStatsRequest", len)?;
        if true {
            struct_ser.serialize_field("withoutResults", &self.without_results)?;
        }
        if true {
            struct_ser.serialize_field("pageSize", &self.page_size)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListQueryStatsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "without_results",
            "withoutResults",
            "page_size",
            "pageSize",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            WithoutResults,
            PageSize,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "withoutResults" | "without_results" => Ok(GeneratedField::WithoutResults),
                            "pageSize" | "page_size" => Ok(GeneratedField::PageSize),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListQueryStatsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListQueryStatsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListQueryStatsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut without_results__ = None;
                let mut page_size__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::WithoutResults => {
                            if without_results__.is_some() {
                                return Err(serde::de::Error::duplicate_field("withoutResults"));
                            }
                            without_results__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PageSize => {
                            if page_size__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pageSize"));
                            }
                            page_size__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(ListQueryStatsRequest {
                    without_results: without_results__.unwrap_or_default(),
                    page_size: page_size__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListQueryStatsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListQueryStatsResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ListQueryStatsResponse", len)?;
        if true {
            struct_ser.serialize_field("queries", &self.queries)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListQueryStatsResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "queries",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Queries,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "queries" => Ok(GeneratedField::Queries),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListQueryStatsResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListQueryStatsResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListQueryStatsResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut queries__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Queries => {
                            if queries__.is_some() {
                                return Err(serde::de::Error::duplicate_field("queries"));
                            }
                            queries__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(ListQueryStatsResponse {
                    queries: queries__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListQueryStatsResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListSynonymsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.ListSynonymsRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListSynonymsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListSynonymsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListSynonymsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListSynonymsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(ListSynonymsRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListSynonymsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListSynonymsResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.ListSynonymsResponse", len)?;
        if true {
            struct_ser.serialize_field("synonyms", &self.synonyms)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListSynonymsResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "synonyms",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Synonyms,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "synonyms" => Ok(GeneratedField::Synonyms),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListSynonymsResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.ListSynonymsResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListSynonymsResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut synonyms__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Synonyms => {
                            if synonyms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("synonyms"));
                            }
                            synonyms__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(ListSynonymsResponse {
                    synonyms: synonyms__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.ListSynonymsResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Match {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "MATCH_UNSPECIFIED",
            Self::Word => "MATCH_WORD",
            Self::Prefix => "MATCH_PREFIX",
            Self::Typo => "MATCH_TYPO",
            Self::Synonym => "MATCH_SYNONYM",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Match {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "MATCH_UNSPECIFIED",
            "MATCH_WORD",
            "MATCH_PREFIX",
            "MATCH_TYPO",
            "MATCH_SYNONYM",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Match;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "MATCH_UNSPECIFIED" => Ok(Match::Unspecified),
                    "MATCH_WORD" => Ok(Match::Word),
                    "MATCH_PREFIX" => Ok(Match::Prefix),
                    "MATCH_TYPO" => Ok(Match::Typo),
                    "MATCH_SYNONYM" => Ok(Match::Synonym),
                    _ => Err(serde::de::Error::unknown_variant(value, FIELDS)),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for PreviewControlRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.PreviewControlRequest", len)?;
        if let Some(v) = self.control.as_ref() {
            struct_ser.serialize_field("control", v)?;
        }
        if let Some(v) = self.search.as_ref() {
            struct_ser.serialize_field("search", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PreviewControlRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "control",
            "search",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Control,
            Search,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "control" => Ok(GeneratedField::Control),
                            "search" => Ok(GeneratedField::Search),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PreviewControlRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.PreviewControlRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PreviewControlRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut control__ = None;
                let mut search__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Control => {
                            if control__.is_some() {
                                return Err(serde::de::Error::duplicate_field("control"));
                            }
                            control__ = map_.next_value()?;
                        }
                        GeneratedField::Search => {
                            if search__.is_some() {
                                return Err(serde::de::Error::duplicate_field("search"));
                            }
                            search__ = map_.next_value()?;
                        }
                    }
                }
                Ok(PreviewControlRequest {
                    control: control__,
                    search: search__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.PreviewControlRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PreviewControlResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.PreviewControlResponse", len)?;
        if let Some(v) = self.before.as_ref() {
            struct_ser.serialize_field("before", v)?;
        }
        if let Some(v) = self.after.as_ref() {
            struct_ser.serialize_field("after", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PreviewControlResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "before",
            "after",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Before,
            After,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "before" => Ok(GeneratedField::Before),
                            "after" => Ok(GeneratedField::After),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PreviewControlResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.PreviewControlResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PreviewControlResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut before__ = None;
                let mut after__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Before => {
                            if before__.is_some() {
                                return Err(serde::de::Error::duplicate_field("before"));
                            }
                            before__ = map_.next_value()?;
                        }
                        GeneratedField::After => {
                            if after__.is_some() {
                                return Err(serde::de::Error::duplicate_field("after"));
                            }
                            after__ = map_.next_value()?;
                        }
                    }
                }
                Ok(PreviewControlResponse {
                    before: before__,
                    after: after__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.PreviewControlResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PutControlRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.PutControlRequest", len)?;
        if let Some(v) = self.control.as_ref() {
            struct_ser.serialize_field("control", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PutControlRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "control",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Control,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "control" => Ok(GeneratedField::Control),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PutControlRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.PutControlRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PutControlRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut control__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Control => {
                            if control__.is_some() {
                                return Err(serde::de::Error::duplicate_field("control"));
                            }
                            control__ = map_.next_value()?;
                        }
                    }
                }
                Ok(PutControlRequest {
                    control: control__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.PutControlRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PutSynonymRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.PutSynonymRequest", len)?;
        if let Some(v) = self.synonym.as_ref() {
            struct_ser.serialize_field("synonym", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PutSynonymRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "synonym",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Synonym,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "synonym" => Ok(GeneratedField::Synonym),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PutSynonymRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.PutSynonymRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PutSynonymRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut synonym__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Synonym => {
                            if synonym__.is_some() {
                                return Err(serde::de::Error::duplicate_field("synonym"));
                            }
                            synonym__ = map_.next_value()?;
                        }
                    }
                }
                Ok(PutSynonymRequest {
                    synonym: synonym__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.PutSynonymRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for QueryStat {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.QueryStat", len)?;
        if true {
            struct_ser.serialize_field("query", &self.query)?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("count", ToString::to_string(&self.count).as_str())?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("results", ToString::to_string(&self.results).as_str())?;
        }
        if let Some(v) = self.last_time.as_ref() {
            struct_ser.serialize_field("lastTime", &crate::time::Utc(v))?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for QueryStat {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "query",
            "count",
            "results",
            "last_time",
            "lastTime",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Query,
            Count,
            Results,
            LastTime,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "query" => Ok(GeneratedField::Query),
                            "count" => Ok(GeneratedField::Count),
                            "results" => Ok(GeneratedField::Results),
                            "lastTime" | "last_time" => Ok(GeneratedField::LastTime),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = QueryStat;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.QueryStat")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<QueryStat, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut query__ = None;
                let mut count__ = None;
                let mut results__ = None;
                let mut last_time__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Query => {
                            if query__.is_some() {
                                return Err(serde::de::Error::duplicate_field("query"));
                            }
                            query__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Count => {
                            if count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("count"));
                            }
                            count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Results => {
                            if results__.is_some() {
                                return Err(serde::de::Error::duplicate_field("results"));
                            }
                            results__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::LastTime => {
                            if last_time__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lastTime"));
                            }
                            last_time__ = map_.next_value()?;
                        }
                    }
                }
                Ok(QueryStat {
                    query: query__.unwrap_or_default(),
                    count: count__.unwrap_or_default(),
                    results: results__.unwrap_or_default(),
                    last_time: last_time__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.QueryStat", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Ranking {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Ranking", len)?;
        if true {
            struct_ser.serialize_field("tieBreakers", &self.tie_breakers)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Ranking {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "tie_breakers",
            "tieBreakers",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            TieBreakers,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "tieBreakers" | "tie_breakers" => Ok(GeneratedField::TieBreakers),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Ranking;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Ranking")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Ranking, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut tie_breakers__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::TieBreakers => {
                            if tie_breakers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tieBreakers"));
                            }
                            tie_breakers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Ranking {
                    tie_breakers: tie_breakers__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Ranking", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RebuildIndexRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.RebuildIndexRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RebuildIndexRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RebuildIndexRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.RebuildIndexRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RebuildIndexRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(RebuildIndexRequest {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.RebuildIndexRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RebuildIndexResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("search.v1.RebuildIndexResponse", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RebuildIndexResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Err(serde::de::Error::unknown_field(value, FIELDS))
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RebuildIndexResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.RebuildIndexResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RebuildIndexResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(RebuildIndexResponse {
                })
            }
        }
        deserializer.deserialize_struct("search.v1.RebuildIndexResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Relaxation {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "RELAXATION_UNSPECIFIED",
            Self::Words => "RELAXATION_WORDS",
            Self::Typos => "RELAXATION_TYPOS",
            Self::Synonyms => "RELAXATION_SYNONYMS",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Relaxation {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "RELAXATION_UNSPECIFIED",
            "RELAXATION_WORDS",
            "RELAXATION_TYPOS",
            "RELAXATION_SYNONYMS",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Relaxation;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "RELAXATION_UNSPECIFIED" => Ok(Relaxation::Unspecified),
                    "RELAXATION_WORDS" => Ok(Relaxation::Words),
                    "RELAXATION_TYPOS" => Ok(Relaxation::Typos),
                    "RELAXATION_SYNONYMS" => Ok(Relaxation::Synonyms),
                    _ => Err(serde::de::Error::unknown_variant(value, FIELDS)),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for SearchHit {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SearchHit", len)?;
        if let Some(v) = self.product.as_ref() {
            struct_ser.serialize_field("product", v)?;
        }
        if true {
            struct_ser.serialize_field("score", &self.score)?;
        }
        if true {
            struct_ser.serialize_field("highlights", &self.highlights)?;
        }
        if true {
            struct_ser.serialize_field("matchedSku", &self.matched_sku)?;
        }
        if true {
            struct_ser.serialize_field("controlled", &self.controlled)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SearchHit {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "product",
            "score",
            "highlights",
            "matched_sku",
            "matchedSku",
            "controlled",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Product,
            Score,
            Highlights,
            MatchedSku,
            Controlled,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "product" => Ok(GeneratedField::Product),
                            "score" => Ok(GeneratedField::Score),
                            "highlights" => Ok(GeneratedField::Highlights),
                            "matchedSku" | "matched_sku" => Ok(GeneratedField::MatchedSku),
                            "controlled" => Ok(GeneratedField::Controlled),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SearchHit;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SearchHit")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SearchHit, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut product__ = None;
                let mut score__ = None;
                let mut highlights__ = None;
                let mut matched_sku__ = None;
                let mut controlled__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Product => {
                            if product__.is_some() {
                                return Err(serde::de::Error::duplicate_field("product"));
                            }
                            product__ = map_.next_value()?;
                        }
                        GeneratedField::Score => {
                            if score__.is_some() {
                                return Err(serde::de::Error::duplicate_field("score"));
                            }
                            score__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Highlights => {
                            if highlights__.is_some() {
                                return Err(serde::de::Error::duplicate_field("highlights"));
                            }
                            highlights__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MatchedSku => {
                            if matched_sku__.is_some() {
                                return Err(serde::de::Error::duplicate_field("matchedSku"));
                            }
                            matched_sku__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Controlled => {
                            if controlled__.is_some() {
                                return Err(serde::de::Error::duplicate_field("controlled"));
                            }
                            controlled__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(SearchHit {
                    product: product__,
                    score: score__.unwrap_or_default(),
                    highlights: highlights__.unwrap_or_default(),
                    matched_sku: matched_sku__.unwrap_or_default(),
                    controlled: controlled__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SearchHit", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SearchRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SearchRequest", len)?;
        if true {
            struct_ser.serialize_field("query", &self.query)?;
        }
        if true {
            struct_ser.serialize_field("pageSize", &self.page_size)?;
        }
        if true {
            struct_ser.serialize_field("pageToken", &self.page_token)?;
        }
        if true {
            struct_ser.serialize_field("categoryId", &self.category_id)?;
        }
        if true {
            struct_ser.serialize_field("filter", &self.filter)?;
        }
        if true {
            struct_ser.serialize_field("facets", &self.facets)?;
        }
        if true {
            struct_ser.serialize_field("orderBy", &self.order_by)?;
        }
        if true {
            struct_ser.serialize_field("minRevision", &self.min_revision)?;
        }
        if true {
            struct_ser.serialize_field("unlogged", &self.unlogged)?;
        }
        if true {
            struct_ser.serialize_field("asWords", &self.as_words)?;
        }
        if true {
            struct_ser.serialize_field("skip", &self.skip)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SearchRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "query",
            "page_size",
            "pageSize",
            "page_token",
            "pageToken",
            "category_id",
            "categoryId",
            "filter",
            "facets",
            "order_by",
            "orderBy",
            "min_revision",
            "minRevision",
            "unlogged",
            "as_words",
            "asWords",
            "skip",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Query,
            PageSize,
            PageToken,
            CategoryId,
            Filter,
            Facets,
            OrderBy,
            MinRevision,
            Unlogged,
            AsWords,
            Skip,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "query" => Ok(GeneratedField::Query),
                            "pageSize" | "page_size" => Ok(GeneratedField::PageSize),
                            "pageToken" | "page_token" => Ok(GeneratedField::PageToken),
                            "categoryId" | "category_id" => Ok(GeneratedField::CategoryId),
                            "filter" => Ok(GeneratedField::Filter),
                            "facets" => Ok(GeneratedField::Facets),
                            "orderBy" | "order_by" => Ok(GeneratedField::OrderBy),
                            "minRevision" | "min_revision" => Ok(GeneratedField::MinRevision),
                            "unlogged" => Ok(GeneratedField::Unlogged),
                            "asWords" | "as_words" => Ok(GeneratedField::AsWords),
                            "skip" => Ok(GeneratedField::Skip),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SearchRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SearchRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SearchRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut query__ = None;
                let mut page_size__ = None;
                let mut page_token__ = None;
                let mut category_id__ = None;
                let mut filter__ = None;
                let mut facets__ = None;
                let mut order_by__ = None;
                let mut min_revision__ = None;
                let mut unlogged__ = None;
                let mut as_words__ = None;
                let mut skip__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Query => {
                            if query__.is_some() {
                                return Err(serde::de::Error::duplicate_field("query"));
                            }
                            query__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PageSize => {
                            if page_size__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pageSize"));
                            }
                            page_size__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::PageToken => {
                            if page_token__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pageToken"));
                            }
                            page_token__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CategoryId => {
                            if category_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("categoryId"));
                            }
                            category_id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Filter => {
                            if filter__.is_some() {
                                return Err(serde::de::Error::duplicate_field("filter"));
                            }
                            filter__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Facets => {
                            if facets__.is_some() {
                                return Err(serde::de::Error::duplicate_field("facets"));
                            }
                            facets__ = Some(map_.next_value()?);
                        }
                        GeneratedField::OrderBy => {
                            if order_by__.is_some() {
                                return Err(serde::de::Error::duplicate_field("orderBy"));
                            }
                            order_by__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MinRevision => {
                            if min_revision__.is_some() {
                                return Err(serde::de::Error::duplicate_field("minRevision"));
                            }
                            min_revision__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Unlogged => {
                            if unlogged__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unlogged"));
                            }
                            unlogged__ = Some(map_.next_value()?);
                        }
                        GeneratedField::AsWords => {
                            if as_words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("asWords"));
                            }
                            as_words__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Skip => {
                            if skip__.is_some() {
                                return Err(serde::de::Error::duplicate_field("skip"));
                            }
                            skip__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(SearchRequest {
                    query: query__.unwrap_or_default(),
                    page_size: page_size__.unwrap_or_default(),
                    page_token: page_token__.unwrap_or_default(),
                    category_id: category_id__.unwrap_or_default(),
                    filter: filter__.unwrap_or_default(),
                    facets: facets__.unwrap_or_default(),
                    order_by: order_by__.unwrap_or_default(),
                    min_revision: min_revision__.unwrap_or_default(),
                    unlogged: unlogged__.unwrap_or_default(),
                    as_words: as_words__.unwrap_or_default(),
                    skip: skip__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SearchRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SearchResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SearchResponse", len)?;
        if true {
            struct_ser.serialize_field("results", &self.results)?;
        }
        if true {
            struct_ser.serialize_field("nextPageToken", &self.next_page_token)?;
        }
        if true {
            struct_ser.serialize_field("totalSize", &self.total_size)?;
        }
        if let Some(v) = self.took.as_ref() {
            struct_ser.serialize_field("took", v)?;
        }
        if true {
            struct_ser.serialize_field("facets", &self.facets)?;
        }
        if true {
            struct_ser.serialize_field("correctedQuery", &self.corrected_query)?;
        }
        if true {
            let v = Relaxation::try_from(self.relaxed)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.relaxed)))?;
            struct_ser.serialize_field("relaxed", &v)?;
        }
        if true {
            struct_ser.serialize_field("droppedWords", &self.dropped_words)?;
        }
        if true {
            struct_ser.serialize_field("indexedRevision", &self.indexed_revision)?;
        }
        if let Some(v) = self.lag.as_ref() {
            struct_ser.serialize_field("lag", v)?;
        }
        if true {
            struct_ser.serialize_field("understood", &self.understood)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SearchResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "results",
            "next_page_token",
            "nextPageToken",
            "total_size",
            "totalSize",
            "took",
            "facets",
            "corrected_query",
            "correctedQuery",
            "relaxed",
            "dropped_words",
            "droppedWords",
            "indexed_revision",
            "indexedRevision",
            "lag",
            "understood",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Results,
            NextPageToken,
            TotalSize,
            Took,
            Facets,
            CorrectedQuery,
            Relaxed,
            DroppedWords,
            IndexedRevision,
            Lag,
            Understood,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "results" => Ok(GeneratedField::Results),
                            "nextPageToken" | "next_page_token" => Ok(GeneratedField::NextPageToken),
                            "totalSize" | "total_size" => Ok(GeneratedField::TotalSize),
                            "took" => Ok(GeneratedField::Took),
                            "facets" => Ok(GeneratedField::Facets),
                            "correctedQuery" | "corrected_query" => Ok(GeneratedField::CorrectedQuery),
                            "relaxed" => Ok(GeneratedField::Relaxed),
                            "droppedWords" | "dropped_words" => Ok(GeneratedField::DroppedWords),
                            "indexedRevision" | "indexed_revision" => Ok(GeneratedField::IndexedRevision),
                            "lag" => Ok(GeneratedField::Lag),
                            "understood" => Ok(GeneratedField::Understood),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SearchResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SearchResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SearchResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut results__ = None;
                let mut next_page_token__ = None;
                let mut total_size__ = None;
                let mut took__ = None;
                let mut facets__ = None;
                let mut corrected_query__ = None;
                let mut relaxed__ = None;
                let mut dropped_words__ = None;
                let mut indexed_revision__ = None;
                let mut lag__ = None;
                let mut understood__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Results => {
                            if results__.is_some() {
                                return Err(serde::de::Error::duplicate_field("results"));
                            }
                            results__ = Some(map_.next_value()?);
                        }
                        GeneratedField::NextPageToken => {
                            if next_page_token__.is_some() {
                                return Err(serde::de::Error::duplicate_field("nextPageToken"));
                            }
                            next_page_token__ = Some(map_.next_value()?);
                        }
                        GeneratedField::TotalSize => {
                            if total_size__.is_some() {
                                return Err(serde::de::Error::duplicate_field("totalSize"));
                            }
                            total_size__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Took => {
                            if took__.is_some() {
                                return Err(serde::de::Error::duplicate_field("took"));
                            }
                            took__ = map_.next_value()?;
                        }
                        GeneratedField::Facets => {
                            if facets__.is_some() {
                                return Err(serde::de::Error::duplicate_field("facets"));
                            }
                            facets__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CorrectedQuery => {
                            if corrected_query__.is_some() {
                                return Err(serde::de::Error::duplicate_field("correctedQuery"));
                            }
                            corrected_query__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Relaxed => {
                            if relaxed__.is_some() {
                                return Err(serde::de::Error::duplicate_field("relaxed"));
                            }
                            relaxed__ = Some(map_.next_value::<Relaxation>()? as i32);
                        }
                        GeneratedField::DroppedWords => {
                            if dropped_words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("droppedWords"));
                            }
                            dropped_words__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IndexedRevision => {
                            if indexed_revision__.is_some() {
                                return Err(serde::de::Error::duplicate_field("indexedRevision"));
                            }
                            indexed_revision__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Lag => {
                            if lag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lag"));
                            }
                            lag__ = map_.next_value()?;
                        }
                        GeneratedField::Understood => {
                            if understood__.is_some() {
                                return Err(serde::de::Error::duplicate_field("understood"));
                            }
                            understood__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(SearchResponse {
                    results: results__.unwrap_or_default(),
                    next_page_token: next_page_token__.unwrap_or_default(),
                    total_size: total_size__.unwrap_or_default(),
                    took: took__,
                    facets: facets__.unwrap_or_default(),
                    corrected_query: corrected_query__.unwrap_or_default(),
                    relaxed: relaxed__.unwrap_or_default(),
                    dropped_words: dropped_words__.unwrap_or_default(),
                    indexed_revision: indexed_revision__.unwrap_or_default(),
                    lag: lag__,
                    understood: understood__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SearchResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SetRankingRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SetRankingRequest", len)?;
        if let Some(v) = self.ranking.as_ref() {
            struct_ser.serialize_field("ranking", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SetRankingRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "ranking",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Ranking,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "ranking" => Ok(GeneratedField::Ranking),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SetRankingRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SetRankingRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SetRankingRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut ranking__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Ranking => {
                            if ranking__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ranking"));
                            }
                            ranking__ = map_.next_value()?;
                        }
                    }
                }
                Ok(SetRankingRequest {
                    ranking: ranking__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SetRankingRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SetStopWordsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SetStopWordsRequest", len)?;
        if let Some(v) = self.stop_words.as_ref() {
            struct_ser.serialize_field("stopWords", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SetStopWordsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "stop_words",
            "stopWords",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            StopWords,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "stopWords" | "stop_words" => Ok(GeneratedField::StopWords),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SetStopWordsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SetStopWordsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SetStopWordsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut stop_words__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::StopWords => {
                            if stop_words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("stopWords"));
                            }
                            stop_words__ = map_.next_value()?;
                        }
                    }
                }
                Ok(SetStopWordsRequest {
                    stop_words: stop_words__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SetStopWordsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SpanKind {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "SPAN_KIND_UNSPECIFIED",
            Self::Price => "SPAN_KIND_PRICE",
            Self::Exclusion => "SPAN_KIND_EXCLUSION",
            Self::Phrase => "SPAN_KIND_PHRASE",
            Self::Brand => "SPAN_KIND_BRAND",
            Self::Type => "SPAN_KIND_TYPE",
            Self::Measure => "SPAN_KIND_MEASURE",
            Self::Relation => "SPAN_KIND_RELATION",
            Self::Filler => "SPAN_KIND_FILLER",
            Self::Need => "SPAN_KIND_NEED",
            Self::OwnBrand => "SPAN_KIND_OWN_BRAND",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for SpanKind {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "SPAN_KIND_UNSPECIFIED",
            "SPAN_KIND_PRICE",
            "SPAN_KIND_EXCLUSION",
            "SPAN_KIND_PHRASE",
            "SPAN_KIND_BRAND",
            "SPAN_KIND_TYPE",
            "SPAN_KIND_MEASURE",
            "SPAN_KIND_RELATION",
            "SPAN_KIND_FILLER",
            "SPAN_KIND_NEED",
            "SPAN_KIND_OWN_BRAND",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = SpanKind;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok())
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "SPAN_KIND_UNSPECIFIED" => Ok(SpanKind::Unspecified),
                    "SPAN_KIND_PRICE" => Ok(SpanKind::Price),
                    "SPAN_KIND_EXCLUSION" => Ok(SpanKind::Exclusion),
                    "SPAN_KIND_PHRASE" => Ok(SpanKind::Phrase),
                    "SPAN_KIND_BRAND" => Ok(SpanKind::Brand),
                    "SPAN_KIND_TYPE" => Ok(SpanKind::Type),
                    "SPAN_KIND_MEASURE" => Ok(SpanKind::Measure),
                    "SPAN_KIND_RELATION" => Ok(SpanKind::Relation),
                    "SPAN_KIND_FILLER" => Ok(SpanKind::Filler),
                    "SPAN_KIND_NEED" => Ok(SpanKind::Need),
                    "SPAN_KIND_OWN_BRAND" => Ok(SpanKind::OwnBrand),
                    _ => Err(serde::de::Error::unknown_variant(value, FIELDS)),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for StopWords {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.StopWords", len)?;
        if true {
            struct_ser.serialize_field("words", &self.words)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for StopWords {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "words",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Words,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "words" => Ok(GeneratedField::Words),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = StopWords;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.StopWords")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<StopWords, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut words__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Words => {
                            if words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("words"));
                            }
                            words__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(StopWords {
                    words: words__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.StopWords", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SuggestRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SuggestRequest", len)?;
        if true {
            struct_ser.serialize_field("query", &self.query)?;
        }
        if true {
            struct_ser.serialize_field("limit", &self.limit)?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("sequence", ToString::to_string(&self.sequence).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SuggestRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "query",
            "limit",
            "sequence",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Query,
            Limit,
            Sequence,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "query" => Ok(GeneratedField::Query),
                            "limit" => Ok(GeneratedField::Limit),
                            "sequence" => Ok(GeneratedField::Sequence),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SuggestRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SuggestRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SuggestRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut query__ = None;
                let mut limit__ = None;
                let mut sequence__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Query => {
                            if query__.is_some() {
                                return Err(serde::de::Error::duplicate_field("query"));
                            }
                            query__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Limit => {
                            if limit__.is_some() {
                                return Err(serde::de::Error::duplicate_field("limit"));
                            }
                            limit__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Sequence => {
                            if sequence__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sequence"));
                            }
                            sequence__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(SuggestRequest {
                    query: query__.unwrap_or_default(),
                    limit: limit__.unwrap_or_default(),
                    sequence: sequence__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SuggestRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SuggestResponse {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.SuggestResponse", len)?;
        if true {
            struct_ser.serialize_field("suggestions", &self.suggestions)?;
        }
        if true {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("sequence", ToString::to_string(&self.sequence).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SuggestResponse {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "suggestions",
            "sequence",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Suggestions,
            Sequence,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "suggestions" => Ok(GeneratedField::Suggestions),
                            "sequence" => Ok(GeneratedField::Sequence),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SuggestResponse;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.SuggestResponse")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SuggestResponse, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut suggestions__ = None;
                let mut sequence__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Suggestions => {
                            if suggestions__.is_some() {
                                return Err(serde::de::Error::duplicate_field("suggestions"));
                            }
                            suggestions__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sequence => {
                            if sequence__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sequence"));
                            }
                            sequence__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(SuggestResponse {
                    suggestions: suggestions__.unwrap_or_default(),
                    sequence: sequence__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.SuggestResponse", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Suggestion {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if self.target.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Suggestion", len)?;
        if true {
            struct_ser.serialize_field("text", &self.text)?;
        }
        if true {
            struct_ser.serialize_field("fragments", &self.fragments)?;
        }
        if let Some(v) = self.target.as_ref() {
            match v {
                suggestion::Target::ProductId(v) => {
                    struct_ser.serialize_field("productId", v)?;
                }
                suggestion::Target::CategoryId(v) => {
                    struct_ser.serialize_field("categoryId", v)?;
                }
                suggestion::Target::Query(v) => {
                    struct_ser.serialize_field("query", v)?;
                }
            }
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Suggestion {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "text",
            "fragments",
            "product_id",
            "productId",
            "category_id",
            "categoryId",
            "query",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Text,
            Fragments,
            ProductId,
            CategoryId,
            Query,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "text" => Ok(GeneratedField::Text),
                            "fragments" => Ok(GeneratedField::Fragments),
                            "productId" | "product_id" => Ok(GeneratedField::ProductId),
                            "categoryId" | "category_id" => Ok(GeneratedField::CategoryId),
                            "query" => Ok(GeneratedField::Query),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Suggestion;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Suggestion")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Suggestion, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut text__ = None;
                let mut fragments__ = None;
                let mut target__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Fragments => {
                            if fragments__.is_some() {
                                return Err(serde::de::Error::duplicate_field("fragments"));
                            }
                            fragments__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ProductId => {
                            if target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("productId"));
                            }
                            target__ = map_.next_value::<::std::option::Option<_>>()?.map(suggestion::Target::ProductId);
                        }
                        GeneratedField::CategoryId => {
                            if target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("categoryId"));
                            }
                            target__ = map_.next_value::<::std::option::Option<_>>()?.map(suggestion::Target::CategoryId);
                        }
                        GeneratedField::Query => {
                            if target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("query"));
                            }
                            target__ = map_.next_value::<::std::option::Option<_>>()?.map(suggestion::Target::Query);
                        }
                    }
                }
                Ok(Suggestion {
                    text: text__.unwrap_or_default(),
                    fragments: fragments__.unwrap_or_default(),
                    target: target__,
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Suggestion", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Synonym {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.Synonym", len)?;
        if true {
            struct_ser.serialize_field("id", &self.id)?;
        }
        if true {
            struct_ser.serialize_field("input", &self.input)?;
        }
        if true {
            struct_ser.serialize_field("words", &self.words)?;
        }
        if true {
            struct_ser.serialize_field("etag", &self.etag)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Synonym {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "id",
            "input",
            "words",
            "etag",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Id,
            Input,
            Words,
            Etag,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "id" => Ok(GeneratedField::Id),
                            "input" => Ok(GeneratedField::Input),
                            "words" => Ok(GeneratedField::Words),
                            "etag" => Ok(GeneratedField::Etag),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Synonym;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.Synonym")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Synonym, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut id__ = None;
                let mut input__ = None;
                let mut words__ = None;
                let mut etag__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Id => {
                            if id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("id"));
                            }
                            id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Input => {
                            if input__.is_some() {
                                return Err(serde::de::Error::duplicate_field("input"));
                            }
                            input__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Words => {
                            if words__.is_some() {
                                return Err(serde::de::Error::duplicate_field("words"));
                            }
                            words__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Etag => {
                            if etag__.is_some() {
                                return Err(serde::de::Error::duplicate_field("etag"));
                            }
                            etag__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(Synonym {
                    id: id__.unwrap_or_default(),
                    input: input__.unwrap_or_default(),
                    words: words__.unwrap_or_default(),
                    etag: etag__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.Synonym", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for UnderstoodSpan {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.UnderstoodSpan", len)?;
        if true {
            struct_ser.serialize_field("span", &self.span)?;
        }
        if true {
            let v = SpanKind::try_from(self.kind)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.kind)))?;
            struct_ser.serialize_field("kind", &v)?;
        }
        if true {
            struct_ser.serialize_field("filter", &self.filter)?;
        }
        if true {
            struct_ser.serialize_field("confidence", &self.confidence)?;
        }
        if true {
            struct_ser.serialize_field("unmet", &self.unmet)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for UnderstoodSpan {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "span",
            "kind",
            "filter",
            "confidence",
            "unmet",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Span,
            Kind,
            Filter,
            Confidence,
            Unmet,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "span" => Ok(GeneratedField::Span),
                            "kind" => Ok(GeneratedField::Kind),
                            "filter" => Ok(GeneratedField::Filter),
                            "confidence" => Ok(GeneratedField::Confidence),
                            "unmet" => Ok(GeneratedField::Unmet),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = UnderstoodSpan;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.UnderstoodSpan")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<UnderstoodSpan, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut span__ = None;
                let mut kind__ = None;
                let mut filter__ = None;
                let mut confidence__ = None;
                let mut unmet__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Span => {
                            if span__.is_some() {
                                return Err(serde::de::Error::duplicate_field("span"));
                            }
                            span__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Kind => {
                            if kind__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kind"));
                            }
                            kind__ = Some(map_.next_value::<SpanKind>()? as i32);
                        }
                        GeneratedField::Filter => {
                            if filter__.is_some() {
                                return Err(serde::de::Error::duplicate_field("filter"));
                            }
                            filter__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Confidence => {
                            if confidence__.is_some() {
                                return Err(serde::de::Error::duplicate_field("confidence"));
                            }
                            confidence__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Unmet => {
                            if unmet__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unmet"));
                            }
                            unmet__ = Some(map_.next_value()?);
                        }
                    }
                }
                Ok(UnderstoodSpan {
                    span: span__.unwrap_or_default(),
                    kind: kind__.unwrap_or_default(),
                    filter: filter__.unwrap_or_default(),
                    confidence: confidence__.unwrap_or_default(),
                    unmet: unmet__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.UnderstoodSpan", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for WordExplanation {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        if true {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("search.v1.WordExplanation", len)?;
        if true {
            struct_ser.serialize_field("word", &self.word)?;
        }
        if true {
            struct_ser.serialize_field("matched", &self.matched)?;
        }
        if true {
            let v = Match::try_from(self.r#match)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.r#match)))?;
            struct_ser.serialize_field("match", &v)?;
        }
        if true {
            struct_ser.serialize_field("fields", &self.fields)?;
        }
        if true {
            struct_ser.serialize_field("weight", &self.weight)?;
        }
        if true {
            struct_ser.serialize_field("contribution", &self.contribution)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for WordExplanation {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "word",
            "matched",
            "match",
            "fields",
            "weight",
            "contribution",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Word,
            Matched,
            Match,
            Fields,
            Weight,
            Contribution,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "word" => Ok(GeneratedField::Word),
                            "matched" => Ok(GeneratedField::Matched),
                            "match" => Ok(GeneratedField::Match),
                            "fields" => Ok(GeneratedField::Fields),
                            "weight" => Ok(GeneratedField::Weight),
                            "contribution" => Ok(GeneratedField::Contribution),
                            _ => Err(serde::de::Error::unknown_field(value, FIELDS)),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = WordExplanation;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct search.v1.WordExplanation")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<WordExplanation, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut word__ = None;
                let mut matched__ = None;
                let mut r#match__ = None;
                let mut fields__ = None;
                let mut weight__ = None;
                let mut contribution__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Word => {
                            if word__.is_some() {
                                return Err(serde::de::Error::duplicate_field("word"));
                            }
                            word__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Matched => {
                            if matched__.is_some() {
                                return Err(serde::de::Error::duplicate_field("matched"));
                            }
                            matched__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Match => {
                            if r#match__.is_some() {
                                return Err(serde::de::Error::duplicate_field("match"));
                            }
                            r#match__ = Some(map_.next_value::<Match>()? as i32);
                        }
                        GeneratedField::Fields => {
                            if fields__.is_some() {
                                return Err(serde::de::Error::duplicate_field("fields"));
                            }
                            fields__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Weight => {
                            if weight__.is_some() {
                                return Err(serde::de::Error::duplicate_field("weight"));
                            }
                            weight__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Contribution => {
                            if contribution__.is_some() {
                                return Err(serde::de::Error::duplicate_field("contribution"));
                            }
                            contribution__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                    }
                }
                Ok(WordExplanation {
                    word: word__.unwrap_or_default(),
                    matched: matched__.unwrap_or_default(),
                    r#match: r#match__.unwrap_or_default(),
                    fields: fields__.unwrap_or_default(),
                    weight: weight__.unwrap_or_default(),
                    contribution: contribution__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("search.v1.WordExplanation", FIELDS, GeneratedVisitor)
    }
}
