//! Which folders are read: by the config, else by special use (RFC 6154), else by name.

use super::session::Session;
use crate::mailbox::fault::{Fault, Refusal};
use crate::mailbox::names;
use crate::mailbox::terms::{Folder, Role};
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

/// A folder in the server's list.
struct Listed {
    wire_name: String,
    name: String,
    delimiter: String,
    sent: bool,
}

impl Session {
    /// The inbox, the further folders of the config, and the folder for sent mail. Where
    /// the config names none and none is to be found, there is none in the list.
    ///
    /// # Errors
    /// [`Refusal::NoFolder`] for a folder of the config that does not exist.
    pub(in crate::mailbox) async fn folders(&mut self) -> Result<Vec<Folder>, Fault> {
        let listed = self.list().await?;
        self.wire_names =
            listed.iter().map(|folder| (folder.name.clone(), folder.wire_name.clone())).collect();

        let mut folders = Vec::new();
        let inbox = match &self.wanted.inbox {
            Some(name) => find(&listed, name)?,
            None => "INBOX".to_owned(),
        };
        self.inbox.clone_from(&inbox);
        folders.push(Folder { name: inbox, role: Role::Inbox });
        for name in &self.wanted.folders {
            folders.push(Folder { name: find(&listed, name)?, role: Role::Inbox });
        }
        let sent = match &self.wanted.sent {
            Some(name) => Some(find(&listed, name)?),
            None => {
                listed.iter().find(|folder| folder.sent).map(|folder| folder.name.clone()).or_else(|| {
                    let delimiter = listed.first().map_or("/", |folder| folder.delimiter.as_str());
                    names::sent(listed.iter().map(|folder| folder.name.as_str()), delimiter)
                        .map(str::to_owned)
                })
            }
        };
        folders.extend(sent.map(|name| Folder { name, role: Role::Sent }));
        let mut seen = std::collections::HashSet::new();
        folders.retain(|folder| seen.insert(folder.name.clone()));
        Ok(folders)
    }

    async fn list(&mut self) -> Result<Vec<Listed>, Fault> {
        // Without the extension a server that knows special uses may still show them.
        let command = if self.wire.can("SPECIAL-USE") && self.wire.can("LIST-EXTENDED") {
            "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
        } else {
            "LIST \"\" \"*\""
        };
        let mut listed = Vec::new();
        let take = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::List(data)) = response {
                let selectable = !data.name_attributes.iter().any(|attribute| match attribute {
                    NameAttribute::NoSelect => true,
                    NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
                    _ => false,
                });
                // A name with a line break in it would become a command of its own.
                if selectable && !data.name.contains(char::is_control) {
                    listed.push(Listed {
                        wire_name: data.name.to_string(),
                        name: names::decode(&data.name),
                        delimiter: data.delimiter.as_deref().unwrap_or_default().to_owned(),
                        sent: data.name_attributes.contains(&NameAttribute::Sent),
                    });
                }
            }
            false
        };
        self.wire.run(command, self.setup.times.command, take).await?.ok("LIST")?;
        Ok(listed)
    }
}

/// The folder that the config means: its name as written, or with `/` for the server's own
/// delimiter, with or without the `INBOX` that some servers put before everything.
fn find(listed: &[Listed], wanted: &str) -> Result<String, Fault> {
    if wanted.eq_ignore_ascii_case("INBOX") {
        return Ok("INBOX".to_owned());
    }
    let exact = listed.iter().find(|folder| folder.name == wanted);
    let loose = || {
        listed.iter().find(|folder| {
            let wanted = wanted.replace('/', &folder.delimiter);
            let plain = |name: &str| names::folded(names::below_inbox(name, &folder.delimiter));
            plain(&folder.name) == plain(&wanted)
        })
    };
    match exact.or_else(loose) {
        Some(folder) => Ok(folder.name.clone()),
        None => Err(Fault::Refused(Refusal::NoFolder { folder: wanted.to_owned() })),
    }
}
