//! The bytes of messages: small ones together, large ones in ranges into a file, those
//! over the limit by their head.
//!
//! Promises: what is handed over as whole is whole, also where the size was only
//! estimated; a message that was removed in the meantime is left out; one that the server
//! holds and does not give is handed over by what there is of it, so that it stops nobody
//! behind it.

use super::fetch::{Meta, uid};
use super::session::Session;
use super::wire::Ending;
use crate::mailbox::fault::{Fault, Oddity, Words};
use crate::mailbox::head;
use crate::mailbox::spool::Part;
use crate::mailbox::terms::Content;
use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use std::collections::BTreeMap;

/// Up to here a message is fetched whole, together with others; beyond, in ranges of this
/// length into a file.
const RANGE: u32 = 1 << 20;
/// UIDs in one FETCH: the command must stay below 8,000 characters (RFC 7162, 4).
const UIDS_A_COMMAND: usize = 500;

/// What became of a message.
enum Body {
    Given(Content),
    /// It is no longer there.
    Gone,
    /// It is there, and this is all that the server gives.
    Withheld(Vec<u8>),
}

impl Session {
    /// Fetches the bodies, in the order of `metas`; without those that are gone.
    ///
    /// A server that withholds everything is not well, and everything waits for it; one
    /// that withholds some and gives others has these in it for good.
    pub(super) async fn bodies(&mut self, metas: &[Meta]) -> Result<Vec<(Meta, Content)>, Fault> {
        let mut said = Words::default();
        let small: Vec<u32> =
            metas.iter().filter(|meta| meta.size <= u64::from(RANGE)).map(|meta| meta.uid).collect();
        let mut whole = BTreeMap::new();
        for uids in small.chunks(UIDS_A_COMMAND) {
            self.whole(uids, &mut whole, &mut said).await?;
        }
        let mut bodies = Vec::with_capacity(metas.len());
        for meta in metas {
            let limit = self.wanted.max_message_bytes.min(u64::from(RANGE));
            let content = match whole.remove(&meta.uid) {
                Some(bytes) if bytes.len() as u64 <= limit => Some(Content::Whole(bytes)),
                // More than the server said: what came may not be all of it.
                Some(_) => self.large(meta, &mut said).await?,
                None if meta.size > u64::from(RANGE) => self.large(meta, &mut said).await?,
                None => None,
            };
            bodies.push(match content {
                Some(content) => Body::Given(content),
                None => self.not_given(meta, &mut said).await?,
            });
        }
        let withheld = bodies.iter().any(|body| matches!(body, Body::Withheld(_)));
        let of_use = |body: &Body| match body {
            Body::Given(_) => true,
            Body::Withheld(head) => !head.is_empty(),
            Body::Gone => false,
        };
        if withheld && !bodies.iter().any(of_use) {
            return Err(refused(said));
        }
        let contents = metas.iter().zip(bodies).filter_map(|(meta, body)| match body {
            Body::Given(content) => Some((*meta, content)),
            Body::Withheld(head) => Some((*meta, Content::Head(head))),
            Body::Gone => None,
        });
        Ok(contents.collect())
    }

    /// Fetches small messages together. After a NO some of them are missing.
    async fn whole(
        &mut self,
        uids: &[u32],
        whole: &mut BTreeMap<u32, Vec<u8>>,
        said: &mut Words,
    ) -> Result<(), Fault> {
        // One byte more than a small message has: so a wrong size is noticed.
        let command = format!("UID FETCH {} (UID BODY.PEEK[]<0.{}>)", set(uids), RANGE + 1);
        let take = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else { return false };
            let Some(uid) = uid(attributes).filter(|uid| uids.contains(uid)) else { return false };
            let Some(bytes) = section(attributes, 0) else { return false };
            whole.insert(uid, bytes.to_vec());
            true
        };
        let ending = self.wire.run(&command, self.setup.times.body, take).await?;
        unless_bad(ending, said)
    }

    /// Finds out about a message that did not come: asked for alone it may come, or it is
    /// gone, or withheld.
    async fn not_given(&mut self, meta: &Meta, said: &mut Words) -> Result<Body, Fault> {
        // Lets the server take note of what others removed.
        self.wire.run("NOOP", self.setup.times.command, |_| false).await?.ok("NOOP")?;
        if meta.size <= u64::from(RANGE) {
            let mut alone = BTreeMap::new();
            self.whole(&[meta.uid], &mut alone, said).await?;
            if let Some(bytes) = alone.remove(&meta.uid).filter(|bytes| bytes.len() <= RANGE as usize) {
                return Ok(Body::Given(Content::Whole(bytes)));
            }
        }
        if self.sizes_and_dates(meta.uid, meta.uid).await?.is_empty() {
            return Ok(Body::Gone);
        }
        Ok(Body::Withheld(self.header(meta.uid, said).await?))
    }

    /// The header alone; empty if the server does not give that, either.
    async fn header(&mut self, wanted: u32, said: &mut Words) -> Result<Vec<u8>, Fault> {
        let mut header = Vec::new();
        let take = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else { return false };
            if uid(attributes) != Some(wanted) {
                return false;
            }
            for attribute in attributes {
                if let AttributeValue::BodySection {
                    section: Some(SectionPath::Full(MessageSection::Header)),
                    data: Some(data),
                    ..
                } = attribute
                {
                    header = data.to_vec();
                }
            }
            true
        };
        let command = format!("UID FETCH {wanted} (UID BODY.PEEK[HEADER]<0.{}>)", head::LONGEST_HEADER);
        let ending = self.wire.run(&command, self.setup.times.body, take).await?;
        unless_bad(ending, said)?;
        Ok(header)
    }

    /// A large message, in ranges into a file; over the limit only its head. `None` if it
    /// is not given to its end.
    async fn large(&mut self, meta: &Meta, said: &mut Words) -> Result<Option<Content>, Fault> {
        let limit = self.wanted.max_message_bytes;
        if meta.size > limit {
            return self.head(meta.uid, said).await;
        }
        let mut part = Part::create(&self.setup.spool_folder(), meta.uid).await?;
        let mut read = 0_u64;
        loop {
            let Some(range) = self.range(meta.uid, read, RANGE, said).await? else { return Ok(None) };
            read += range.len() as u64;
            if read > limit {
                return self.head(meta.uid, said).await;
            }
            part.write(&range).await?;
            // A size that is only estimated: read on until nothing comes.
            let short = range.len() < RANGE as usize;
            if range.is_empty() || (short && read >= meta.size) {
                return part.finish().await.map(|path| Some(Content::File(path)));
            }
        }
    }

    async fn head(&mut self, uid: u32, said: &mut Words) -> Result<Option<Content>, Fault> {
        let Some(mut bytes) = self.range(uid, 0, head::BODY, said).await? else { return Ok(None) };
        if head::is_cut_in_header(&bytes)
            && let Some(longer) = self.range(uid, 0, head::LONGEST_HEADER, said).await?
        {
            bytes = longer;
        }
        Ok(Some(Content::Head(head::cut(bytes))))
    }

    /// Bytes of one message from `offset`; `None` if they are not given.
    async fn range(
        &mut self,
        wanted: u32,
        offset: u64,
        length: u32,
        said: &mut Words,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let mut range = None;
        // The end of what IMAP can count (RFC 3501, 9: number).
        let from = u32::try_from(offset).map_err(|_| Fault::Odd(Oddity::Garbage))?;
        let take = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else { return false };
            if uid(attributes) != Some(wanted) {
                return false;
            }
            if let Some(bytes) = section(attributes, from) {
                range = Some(bytes.to_vec());
            }
            true
        };
        let command = format!("UID FETCH {wanted} (UID BODY.PEEK[]<{offset}.{length}>)");
        let ending = self.wire.run(&command, self.setup.times.body, take).await?;
        unless_bad(ending, said)?;
        Ok(range)
    }
}

/// A NO is remembered, and what did not come is looked into; a BAD is a fault.
fn unless_bad(ending: Ending, said: &mut Words) -> Result<(), Fault> {
    match ending {
        Ending::Ok => Ok(()),
        Ending::No(no) => {
            *said = no.words;
            Ok(())
        }
        Ending::Bad(words) => Err(refused(words)),
    }
}

fn refused(words: Words) -> Fault {
    Fault::Odd(Oddity::Command { command: "UID FETCH", words })
}

/// The bytes from `offset` of the whole message.
fn section<'a>(attributes: &'a [AttributeValue<'_>], offset: u32) -> Option<&'a [u8]> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, index, data: Some(data) }
            if index.unwrap_or_default() == offset =>
        {
            Some(data.as_ref())
        }
        _ => None,
    })
}

/// UIDs in rising order as a sequence set; neighbours become ranges.
fn set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids.iter().copied() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == uid => *last = uid,
            _ => runs.push((uid, uid)),
        }
    }
    let runs: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") })
        .collect();
    runs.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges() {
        assert_eq!(set(&[]), "");
        assert_eq!(set(&[7]), "7");
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
    }
}
