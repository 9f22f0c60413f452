//! `ecert keys`.

use std::process::ExitCode;

use serde_json::json;

use crate::app::{self, App};
use crate::cli::Keys;
use crate::key_files::KeyFiles;
use crate::output::{answer, table};

/// `ecert keys …`
pub(crate) async fn run(app: &App, command: &Keys) -> anyhow::Result<ExitCode> {
    let keys = KeyFiles::new(app.home.keys());
    let made = match command {
        Keys::Init => {
            app.ensure_home()?;
            Some(keys.init(app::now())?)
        }
        Keys::Show { trust } => {
            app.home.require()?;
            if let Some(out) = trust {
                crate::out_file::write_whole(out, keys.trust_file()?.as_bytes())?;
            }
            None
        }
    };
    let sealer = keys.sealer(app::now())?;
    let list = keys.list()?;
    let document = json!({
        "created": made,
        "signer": sealer.signer_name(),
        "valid_until": sealer.valid_until().date().to_string(),
        "trust_anchor": keys.anchor_pem().display().to_string(),
        "keys": list.iter().map(|(purpose, id, file)| json!({ "purpose": purpose, "id": id, "file": file.display().to_string() })).collect::<Vec<_>>(),
    });
    answer(app.json, &document, || {
        let mut text = match made {
            Some(true) => "a test authority and its keys were made, for trials: readers of PDF trust its documents only where they trust its anchor below\n".to_owned(),
            Some(false) => "there are keys already; they were kept\n".to_owned(),
            None => String::new(),
        };
        text += &format!(
            "signer        {}\nvalid until   {}\ntrust anchor  {}\n",
            sealer.signer_name(),
            sealer.valid_until().date(),
            keys.anchor_pem().display()
        );
        let mut rows = vec![vec!["purpose".to_owned(), "id".to_owned(), "file".to_owned()]];
        rows.extend(list.iter().map(|(purpose, id, file)| vec![(*purpose).to_owned(), id.clone(), file.display().to_string()]));
        text + &table(&rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
