//! `ecert staff`.

use std::process::ExitCode;

use serde_json::json;

use crate::app::App;
use crate::cli::Staff;
use crate::output::{answer, civil_minute, table};

/// `ecert staff …`
pub(crate) async fn run(app: &App, command: Staff) -> anyhow::Result<ExitCode> {
    let pool = if matches!(command, Staff::Add { .. }) { app.database().await? } else { app.known_database().await? };
    let actor = app.actor(&pool).await?;
    let mut tx = pool.begin().await?;
    match command {
        Staff::Add { name } => {
            let id = store::staff::add(&mut tx, &name, &actor).await?;
            tx.commit().await?;
            answer(app.json, &json!({ "id": id.0, "name": name.trim() }), || {
                format!("added; act as them with --as-staff {:?}\n", name.trim())
            })?;
        }
        Staff::Disable { name } => {
            store::staff::disable(&mut tx, &name, &actor).await?;
            tx.commit().await?;
            answer(app.json, &json!({ "disabled": name }), || "disabled\n".to_owned())?;
        }
        Staff::Enable { name } => {
            store::staff::enable(&mut tx, &name, &actor).await?;
            tx.commit().await?;
            answer(app.json, &json!({ "enabled": name }), || "enabled\n".to_owned())?;
        }
        Staff::List => {
            let members = store::staff::list(&mut tx).await?;
            let document = json!({ "staff": members.iter().map(|m| json!({ "id": m.id.0, "name": m.name, "active": m.disabled_at.is_none() })).collect::<Vec<_>>() });
            answer(app.json, &document, || {
                let mut rows = vec![vec!["id".to_owned(), "name".to_owned(), "since".to_owned(), String::new()]];
                rows.extend(members.iter().map(|m| {
                    let state = if m.disabled_at.is_some() { "disabled" } else { "" };
                    vec![m.id.to_string(), m.name.clone(), civil_minute(m.created_at), state.to_owned()]
                }));
                table(&rows)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
