//! Settings: the current ones, and the history of their changes.
//!
//! A write takes a lock that the others wait for, and the next revision. So revisions are committed in order and
//! without gaps, and a reader that has seen one has seen all before it.

use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, OnConflict},
};
use tokio::sync::watch;

use super::{
    Store, engine,
    schema::entity::{setting, setting_change},
    writes::{Unit, Write, WriteContext},
};
use crate::domain::{MAX_SETTINGS, MAX_TOTAL, Result, Setting, SettingError, SettingName};

/// Changes that are kept.
const KEPT_CHANGES: i64 = 50_000;
/// Rows of one statement.
const BATCH: usize = 500;

/// A new value of a setting, or its deletion.
#[derive(Debug, Clone)]
pub(crate) struct SettingUpdate {
    pub(crate) name: SettingName,
    /// None deletes it.
    pub(crate) value: Option<String>,
    /// The etag of the value that it replaces; empty: any value.
    pub(crate) etag: String,
}

/// The settings, or the changes of them, up to a revision.
#[derive(Debug)]
pub(crate) struct SettingState {
    /// Whether these are all settings.
    pub(crate) is_whole: bool,
    pub(crate) settings: Vec<Setting>,
    pub(crate) revision: i64,
}

impl Store {
    /// A receiver of the newest revision that this process has seen. Revisions of other replicas are usually seen
    /// within 20 ms.
    pub(crate) fn setting_revisions(&self) -> watch::Receiver<i64> {
        self.0.setting_revision.subscribe()
    }

    /// Records that a revision is visible.
    pub(in crate::store) fn record_setting_revision(&self, revision: i64) {
        self.0.setting_revision.send_if_modified(|newest| {
            let is_newer = revision > *newest;
            *newest = revision.max(*newest);
            is_newer
        });
    }

    /// The changes after a revision, or all settings if some of the changes are no longer kept or `after` is `None`.
    pub(crate) async fn settings_after(&self, after: Option<i64>) -> Result<SettingState> {
        let db = &self.0.reader;
        if let Some(after) = after {
            let changes = setting_change::Entity::find()
                .filter(setting_change::Column::Revision.gt(after))
                .order_by_asc(setting_change::Column::Revision);
            let settings: Vec<_> = changes.all(db).await?.into_iter().map(Setting::from).collect();
            let revision = settings.last().map_or(after, |last| last.revision);
            if settings.first().is_none_or(|first| first.revision == after + 1) {
                return Ok(SettingState { is_whole: false, settings, revision });
            }
        }
        // Read first: later changes may be among the settings, and are sent again.
        let revision = newest(db).await?;
        let settings = setting::Entity::find().order_by_asc(setting::Column::Name).all(db).await?;
        let settings = settings.into_iter().map(Setting::from).collect();
        Ok(SettingState { is_whole: true, settings, revision })
    }

    /// The newest `limit` changes with lower revisions than `below`, of one setting or of all.
    pub(crate) async fn setting_changes(
        &self,
        name: Option<SettingName>,
        below: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Setting>> {
        use setting_change::Column;
        let mut changes =
            setting_change::Entity::find().order_by_desc(Column::Revision).limit(limit);
        if let Some(name) = name {
            changes = changes.filter(Column::Name.eq(name.as_str()));
        }
        if let Some(below) = below {
            changes = changes.filter(Column::Revision.lt(below));
        }
        Ok(changes.all(&self.0.reader).await?.into_iter().map(Setting::from).collect())
    }

    /// Writes or deletes a setting; returns it as it is then. The same value again changes nothing.
    ///
    /// # Errors
    /// [`SettingError`].
    pub(crate) async fn update_setting(
        &self,
        context: WriteContext,
        update: SettingUpdate,
    ) -> Result<Setting> {
        context.name_resource(update.name.as_str());
        let updated = self.write(Write::plain(context), move |unit| {
            Box::pin(async move {
                engine::lock_settings(&unit.tx).await?;
                let found = setting::Entity::find_by_id(update.name.as_str()).one(&unit.tx).await?;
                let found = found.map(Setting::from);
                let etag = found.as_ref().map(Setting::etag).unwrap_or_default();
                if !update.etag.is_empty() && update.etag != etag {
                    return Err(SettingError::EtagMismatch(update.name.as_str().to_owned()).into());
                }
                match (found, &update.value) {
                    (Some(found), Some(_)) if found.value == update.value => return Ok(found),
                    (None, None) => {
                        return Err(SettingError::NotFound(update.name.as_str().to_owned()).into());
                    }
                    (None, Some(value)) => check_room(&unit.tx, 1, value.len()).await?,
                    (Some(_), _) => {}
                }
                let revision = newest(&unit.tx).await? + 1;
                let changed = vec![(update.name.as_str().to_owned(), update.value)];
                let mut changed = apply(unit, revision, changed).await?;
                changed.pop().ok_or_else(|| SettingError::TooMany.into())
            })
        });
        let updated = updated.await?;
        self.record_setting_revision(updated.revision);
        Ok(updated)
    }

    /// Creates the settings with names that have never been used; returns their number.
    ///
    /// # Errors
    /// [`SettingError::TooMany`].
    pub(crate) async fn adopt_settings(
        &self,
        context: WriteContext,
        settings: Vec<(SettingName, String)>,
    ) -> Result<usize> {
        let adopted = self.write(Write::plain(context), move |unit| {
            Box::pin(async move {
                engine::lock_settings(&unit.tx).await?;
                let mut used = used_names(&unit.tx).await?;
                let unused =
                    settings.into_iter().filter(|(name, _)| used.insert(name.as_str().to_owned()));
                let unused: Vec<_> =
                    unused.map(|(name, value)| (name.as_str().to_owned(), Some(value))).collect();
                let length = unused.iter().filter_map(|(_, value)| value.as_ref()).map(String::len);
                check_room(&unit.tx, unused.len(), length.sum()).await?;
                let first = newest(&unit.tx).await? + 1;
                let adopted = apply(unit, first, unused).await?;
                Ok((adopted.len(), adopted.last().map(|last| last.revision)))
            })
        });
        let (count, newest) = adopted.await?;
        newest.into_iter().for_each(|newest| self.record_setting_revision(newest));
        Ok(count)
    }
}

/// The newest revision; 0 if there was no change.
async fn newest(db: &impl ConnectionTrait) -> Result<i64> {
    use setting_change::Column;
    let newest = setting_change::Entity::find()
        .select_only()
        .column(Column::Revision)
        .order_by_desc(Column::Revision);
    let newest: Option<i64> = newest.into_tuple().one(db).await?;
    Ok(newest.unwrap_or_default())
}

/// All names that have a setting or a change.
async fn used_names(db: &impl ConnectionTrait) -> Result<HashSet<String>> {
    let current = setting::Entity::find().select_only().column(setting::Column::Name);
    let past = setting_change::Entity::find()
        .select_only()
        .column(setting_change::Column::Name)
        .distinct();
    let mut names: Vec<String> = current.into_tuple().all(db).await?;
    names.extend(past.into_tuple::<String>().all(db).await?);
    Ok(names.into_iter().collect())
}

async fn check_room(db: &impl ConnectionTrait, count: usize, length: usize) -> Result<()> {
    let taken = setting::Entity::find()
        .select_only()
        .expr(Expr::cust("count(*)"))
        .expr(Expr::cust("coalesce(sum(length(value)), 0)"));
    let taken: Option<(i64, i64)> = taken.into_tuple().one(db).await?;
    let (taken, total) = taken.unwrap_or_default();
    let with = |taken: i64, more: usize| taken.unsigned_abs().saturating_add(more as u64);
    if with(taken, count) > MAX_SETTINGS || with(total, length) > MAX_TOTAL {
        return Err(SettingError::TooMany.into());
    }
    Ok(())
}

/// Writes values and the changes to them, from revision `first` on.
async fn apply(
    unit: &Unit,
    first: i64,
    values: Vec<(String, Option<String>)>,
) -> Result<Vec<Setting>> {
    let setting = |(revision, (name, value))| Setting {
        name,
        value,
        revision,
        changed_at: unit.now,
        actor: unit.context.actor.clone(),
    };
    let settings: Vec<_> = (first..).zip(values).map(setting).collect();
    for settings in settings.chunks(BATCH) {
        let changes = settings.iter().cloned().map(setting_change::ActiveModel::from);
        setting_change::Entity::insert_many(changes).exec_without_returning(&unit.tx).await?;
        let deleted = settings.iter().filter(|setting| setting.value.is_none());
        let deleted: Vec<&str> = deleted.map(|setting| setting.name.as_str()).collect();
        if !deleted.is_empty() {
            let named = setting::Column::Name.is_in(deleted);
            setting::Entity::delete_many().filter(named).exec(&unit.tx).await?;
        }
        let written: Vec<_> =
            settings.iter().cloned().filter_map(setting::ActiveModel::of).collect();
        if !written.is_empty() {
            use setting::Column::{Actor, ChangedAt, Name, Revision, Value};
            let replace = OnConflict::column(Name)
                .update_columns([Value, Revision, ChangedAt, Actor])
                .to_owned();
            let rows = setting::Entity::insert_many(written).on_conflict(replace);
            rows.exec_without_returning(&unit.tx).await?;
        }
    }
    if let Some(last) = settings.last() {
        let old = setting_change::Column::Revision.lte(last.revision - KEPT_CHANGES);
        setting_change::Entity::delete_many().filter(old).exec(&unit.tx).await?;
    }
    Ok(settings)
}

impl From<setting::Model> for Setting {
    fn from(row: setting::Model) -> Self {
        let setting::Model { name, value, revision, changed_at, actor } = row;
        Self { name, value: Some(value), revision, changed_at, actor }
    }
}

impl From<setting_change::Model> for Setting {
    fn from(row: setting_change::Model) -> Self {
        let setting_change::Model { revision, name, value, changed_at, actor } = row;
        Self { name, value, revision, changed_at, actor }
    }
}

impl setting::ActiveModel {
    /// The row of a setting; None if it is deleted.
    fn of(setting: Setting) -> Option<Self> {
        Some(Self {
            name: Set(setting.name),
            value: Set(setting.value?),
            revision: Set(setting.revision),
            changed_at: Set(setting.changed_at),
            actor: Set(setting.actor),
        })
    }
}

impl From<Setting> for setting_change::ActiveModel {
    fn from(setting: Setting) -> Self {
        Self {
            revision: Set(setting.revision),
            name: Set(setting.name),
            value: Set(setting.value),
            changed_at: Set(setting.changed_at),
            actor: Set(setting.actor),
        }
    }
}
