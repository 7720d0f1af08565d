//! The pass before the tree is built: limits, and what the parser below lets through.
//!
//! One linear walk over the markup counts what a tree would cost and charges it, so that a hostile
//! document is refused before memory is taken. On the way it collects the namespace declarations,
//! which the tree does not keep apart, and refuses the forms that `roxmltree` reads otherwise than
//! the standards do. It is no second parser: whatever it lets pass is still parsed in full.

use super::count;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use std::borrow::Cow;
use std::ops::Range;

/// A namespace declaration; the prefix of the default namespace is empty.
#[derive(Clone, Debug)]
pub(super) struct Declaration<'a> {
    pub(super) prefix: &'a str,
    /// As written; decoded later where it holds references or white space.
    pub(super) uri: Cow<'a, str>,
}

/// What a start tag says beside the tree.
#[derive(Clone, Debug)]
pub(super) struct Start<'a> {
    /// Prefix of the element's name.
    pub(super) prefix: &'a str,
    /// Its declarations, in [`Scan::declarations`].
    pub(super) declarations: Range<usize>,
}

/// What the pass found.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan<'a> {
    /// Length of the XML declaration.
    pub(super) declaration_length: usize,
    /// Every start tag, in document order.
    pub(super) starts: Vec<Start<'a>>,
    /// Every namespace declaration, in document order.
    pub(super) declarations: Vec<Declaration<'a>>,
}

/// Comparisons that cost as much as a node: the parser compares attributes with each other and
/// namespaces with those in scope, so both are charged for their product.
const STEPS_PER_NODE: u64 = 256;

/// The encoding that an XML declaration names.
pub(super) fn declared_encoding(text: &str) -> Option<&str> {
    declaration(text)
        .ok()
        .flatten()
        .and_then(|found| found.encoding)
}

/// Walks over the markup.
pub(super) fn scan<'a>(text: &'a str, budget: &mut Budget) -> Result<Scan<'a>, Error> {
    let mut scan = Scan::default();
    if let Some(found) = declaration(text)? {
        // XML 1.0 §2.8 lets a processor of 1.0 read 1.x as 1.0; the character rules of 1.1 differ,
        // so that two readers could see two documents.
        if found.version != "1.0" {
            return Err(Malformed::at(MalformedKind::XmlVersion, 0).into());
        }
        scan.declaration_length = found.length;
    }
    let mut walk = Walk {
        text,
        at: scan.declaration_length,
    };
    if walk.rest().starts_with('\u{FEFF}') {
        return Err(walk.error(MalformedKind::XmlSyntax).into());
    }
    // Namespaces in scope at every open element.
    let mut open: Vec<u64> = Vec::new();
    loop {
        let run = walk.text_before_markup();
        if run {
            budget.charge(Resource::Nodes, 1)?;
        }
        let rest = walk.rest();
        if rest.is_empty() {
            break;
        }
        if rest.starts_with("<!--") {
            budget.charge(Resource::Nodes, 1)?;
            walk.pass(4, "-->")?;
        } else if rest.starts_with("<![CDATA[") {
            budget.charge(Resource::Nodes, 1)?;
            walk.pass(9, "]]>")?;
        } else if rest.starts_with("<?") {
            budget.charge(Resource::Nodes, 1)?;
            let target = name(rest.get(2..).unwrap_or_default());
            // XML 1.0 §2.6: the target `xml` in any case is reserved.
            if target.eq_ignore_ascii_case("xml") {
                return Err(walk.error(MalformedKind::XmlSyntax).into());
            }
            walk.pass(2, "?>")?;
        } else if rest.starts_with("<!") {
            // XMLDSig §8.1, XML 1.0 §4.4: entities and attribute defaults make the document depend
            // on more than its octets.
            let kind = if rest.starts_with("<!DOCTYPE") {
                MalformedKind::XmlDtd
            } else {
                MalformedKind::XmlSyntax
            };
            return Err(walk.error(kind).into());
        } else if rest.starts_with("</") {
            if open.pop().is_none() {
                return Err(walk.error(MalformedKind::XmlSyntax).into());
            }
            walk.pass(2, ">")?;
        } else {
            let inherited = open.last().copied().unwrap_or(0);
            let depth = count(open.len()) + 1;
            budget.check(Resource::Depth, depth)?;
            let tag = walk.start_tag(&mut scan, inherited, budget)?;
            if !tag.empty {
                open.push(tag.in_scope);
            }
        }
    }
    if !open.is_empty() {
        return Err(walk.error(MalformedKind::XmlSyntax).into());
    }
    Ok(scan)
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
}

struct Tag {
    empty: bool,
    in_scope: u64,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, kind: MalformedKind) -> Malformed {
        super::position(self.text, self.at, kind)
    }

    /// Goes to the next `<`; whether there was text before it.
    fn text_before_markup(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.find('<').unwrap_or(rest.len());
        self.at += length;
        length > 0
    }

    /// Goes behind `end`, searched after `skip` octets.
    fn pass(&mut self, skip: usize, end: &str) -> Result<(), Malformed> {
        let found = self.rest().get(skip..).and_then(|rest| rest.find(end));
        match found {
            Some(length) => {
                self.at += skip + length + end.len();
                Ok(())
            }
            None => Err(self.error(MalformedKind::XmlSyntax)),
        }
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(SPACES).len();
    }

    fn start_tag(
        &mut self,
        scan: &mut Scan<'a>,
        inherited: u64,
        budget: &mut Budget,
    ) -> Result<Tag, Error> {
        let first = scan.declarations.len();
        let syntax = |walk: &Self| walk.error(MalformedKind::XmlSyntax);
        self.at += 1;
        budget.charge(Resource::Nodes, 1)?;
        let (prefix, _) = self.qualified_name()?;
        let mut attributes = 0_u64;
        let empty = loop {
            self.spaces();
            let rest = self.rest();
            if rest.starts_with('>') {
                self.at += 1;
                break false;
            }
            if rest.starts_with("/>") {
                self.at += 2;
                break true;
            }
            budget.charge(Resource::Nodes, 1)?;
            let (attribute_prefix, local) = self.qualified_name()?;
            self.spaces();
            if !self.rest().starts_with('=') {
                return Err(syntax(self).into());
            }
            self.at += 1;
            self.spaces();
            let rest = self.rest();
            let quote = rest
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''));
            let value = quote
                .and_then(|quote| rest.get(1..)?.split_once(quote))
                .map(|(value, _)| value);
            let Some(value) = value else {
                return Err(syntax(self).into());
            };
            let declared = match (attribute_prefix, local) {
                ("", "xmlns") => Some(""),
                ("xmlns", local) => Some(local),
                // The parser takes any `…:xmlns` for the default namespace.
                (_, "xmlns") => return Err(self.error(MalformedKind::XmlNamespace).into()),
                _ => None,
            };
            if let Some(declared) = declared {
                // XML Names 1.0 §2.2, §3: a prefix cannot be undeclared, `xmlns` cannot be declared;
                // and nothing twice, which the parser does not notice for `xmlns` and `xmlns:xml`.
                let undeclares = !declared.is_empty() && value.is_empty();
                let twice = scan
                    .declarations
                    .get(first..)
                    .is_some_and(|own| own.iter().any(|other| other.prefix == declared));
                if undeclares || twice || declared == "xmlns" {
                    return Err(self.error(MalformedKind::XmlNamespace).into());
                }
                scan.declarations.push(Declaration {
                    prefix: declared,
                    uri: Cow::Borrowed(value),
                });
            } else {
                attributes += 1;
            }
            let own = count(scan.declarations.len() - first);
            // Every further attribute is compared with all before it.
            if attributes.max(own).is_multiple_of(STEPS_PER_NODE) {
                budget.charge(Resource::Nodes, attributes.max(own))?;
            }
            self.at += value.len() + 2;
        };
        let own = count(scan.declarations.len() - first);
        let in_scope = inherited + own;
        let mut steps = (attributes + 1).saturating_mul(in_scope);
        if own > 0 {
            // The parser copies the list of namespaces in scope, looking for each in the new ones.
            budget.charge(Resource::Nodes, in_scope)?;
            steps = steps.saturating_add(in_scope.saturating_mul(in_scope));
        }
        budget.charge(Resource::Nodes, steps / STEPS_PER_NODE)?;
        scan.starts.push(Start {
            prefix,
            declarations: first..scan.declarations.len(),
        });
        Ok(Tag { empty, in_scope })
    }

    /// A name in two parts. XML Names 1.0 §4: at most one colon, and nothing empty beside it.
    fn qualified_name(&mut self) -> Result<(&'a str, &'a str), Malformed> {
        let whole = name(self.rest());
        let parts = match whole.split_once(':') {
            None => ("", whole),
            Some((prefix, local)) => {
                if prefix.is_empty() || local.is_empty() || local.contains(':') {
                    return Err(self.error(MalformedKind::XmlNamespace));
                }
                (prefix, local)
            }
        };
        if whole.is_empty() {
            return Err(self.error(MalformedKind::XmlSyntax));
        }
        self.at += whole.len();
        Ok(parts)
    }
}

pub(super) const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// Everything up to a character that no name can hold.
fn name(text: &str) -> &str {
    let end = text.find(|character: char| {
        SPACES.contains(&character) || matches!(character, '=' | '/' | '>' | '<' | '?' | '"' | '\'')
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

struct XmlDeclaration<'a> {
    length: usize,
    version: &'a str,
    encoding: Option<&'a str>,
}

/// ```text
/// XMLDecl ::= '<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'
/// ```
fn declaration(text: &str) -> Result<Option<XmlDeclaration<'_>>, Malformed> {
    let syntax = || Malformed::at(MalformedKind::XmlSyntax, 0);
    let Some(rest) = text.strip_prefix("<?xml") else {
        return Ok(None);
    };
    if !rest.starts_with(SPACES) {
        return Ok(None);
    }
    let (content, _) = rest.split_once("?>").ok_or_else(syntax)?;
    let mut found = XmlDeclaration {
        length: "<?xml".len() + content.len() + "?>".len(),
        version: "",
        encoding: None,
    };
    let mut rest = content;
    let mut order = 0;
    loop {
        let trimmed = rest.trim_start_matches(SPACES);
        if trimmed.is_empty() {
            break;
        }
        let (label, after) = trimmed.split_once('=').ok_or_else(syntax)?;
        let label = label.trim_end_matches(SPACES);
        let after = after.trim_start_matches(SPACES);
        let quote = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''));
        let (value, behind) = quote
            .and_then(|quote| after.get(1..)?.split_once(quote))
            .ok_or_else(syntax)?;
        let place = match label {
            "version" => 1,
            "encoding" => 2,
            "standalone" if matches!(value, "yes" | "no") => 3,
            _ => return Err(syntax()),
        };
        let separated = trimmed.len() < rest.len();
        if place <= order || !separated || (order == 0 && place != 1) {
            return Err(syntax());
        }
        match place {
            1 => found.version = value,
            2 => found.encoding = Some(value),
            _ => {}
        }
        order = place;
        rest = behind;
    }
    if order == 0 {
        return Err(syntax());
    }
    Ok(Some(found))
}
