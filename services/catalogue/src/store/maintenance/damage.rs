//! Looks for damage in the database file.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::{
    domain::Result,
    store::{Store, engine},
};

impl Store {
    /// Checks the database file if a statement has met damage since the last call. Reads all of the
    /// file then. From damage on, the store refuses writes and its probe fails.
    ///
    /// # Errors
    /// The file cannot be checked.
    pub(crate) async fn find_damage(&self) -> Result<()> {
        let Some(file) = self.0.file.as_ref().filter(|file| file.is_suspect()) else {
            return Ok(());
        };
        let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(1)");
        match self.0.reader.query_one_raw(check).await {
            Ok(row) => {
                let found: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
                if let Some(damage) = found.filter(|found| found != "ok") {
                    file.set_damaged(damage);
                }
            }
            Err(error) if engine::is_damage(&error) => file.set_damaged(error.to_string()),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
