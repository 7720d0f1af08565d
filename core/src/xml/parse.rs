//! From characters to a tree, in one pass.
//!
//! The parser keeps of every node where it begins and ends, not what it says: names, attributes and
//! text are read from the document itself when they are asked for ([`super::lex`]). What cannot be
//! read that way, because it holds references or a CDATA section beside other text, is decoded here
//! once. So a document costs the tree about twenty octets for each node, and nothing for its text.
//!
//! Everything is charged before it is taken, and no step is repeated for what was passed: names are
//! compared with their start tag only, attributes of one tag are sorted, prefixes are looked up.

use super::declaration::declaration;
use super::lex::{self, Written};
use super::{CDATA, Declaration, Decoded, Identifier, Record, Scope, Tree, XML_NAMESPACE, count};
use crate::error::{Error, Limit, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The namespace of declarations, which nothing may be bound to.
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// A number in a tree; [`parse`] refuses texts that are longer than these can say.
pub(super) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The place that a number in a tree names.
pub(super) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// What a text costs before any node of it, and whether its places can be told at all.
pub(super) fn charge(budget: &mut Budget, length: u64) -> Result<(), Limit> {
    let longest = u64::from(u32::MAX) - 1;
    if length > longest {
        return Err(Limit {
            resource: Resource::StructureBytes,
            maximum: longest,
            requested: length,
        });
    }
    budget.charge(Resource::Nodes, length / super::OCTETS_PER_NODE)
}

pub(super) fn parse<'a>(text: &'a str, budget: &mut Budget) -> Result<Tree<'a>, Error> {
    charge(budget, count(text.len()))?;
    if let Some(at) = lex::forbidden(text) {
        return Err(super::position(text, at, MalformedKind::XmlSyntax).into());
    }
    let mut start = 0;
    if let Some(found) = declaration(text)? {
        // XML 1.0 §2.8 lets a processor of 1.0 read 1.x as 1.0; the character rules of 1.1 differ,
        // so that two readers could see two documents.
        if found.version != "1.0" {
            return Err(Malformed::at(MalformedKind::XmlVersion, 0).into());
        }
        start = found.length;
    }
    let records = Vec::with_capacity(estimate(text, budget));
    let mut parser = Parser {
        text,
        at: start,
        budget,
        open: Vec::new(),
        bindings: BTreeMap::new(),
        recent: None,
        attributes: Vec::new(),
        tree: Tree {
            text,
            records,
            scopes: Vec::new(),
            declarations: Vec::new(),
            namespaces: Vec::new(),
            decoded: Vec::new(),
            arena: String::new(),
            identifiers: Vec::new(),
            document_element: None,
        },
    };
    parser.document()?;
    let mut tree = parser.tree;
    tree.sort_identifiers();
    Ok(tree)
}

struct Parser<'a, 'b> {
    text: &'a str,
    at: usize,
    budget: &'b mut Budget,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// For each prefix in scope what it is bound to, the innermost last.
    bindings: BTreeMap<&'a str, Vec<u32>>,
    /// The prefix that was looked up last.
    recent: Option<(&'a str, u32)>,
    /// The attributes of the tag that is being read.
    attributes: Vec<Held>,
}

/// An attribute until its tag has been read: what it is bound to is known only then.
#[derive(Clone, Copy)]
struct Held {
    at: u32,
    /// Of its name, prefix and all.
    length: u32,
    value_at: u32,
    value_end: u32,
    namespace: u32,
}

/// An element whose end tag has not come.
struct Open<'a> {
    record: u32,
    /// Prefix and all.
    name: &'a str,
    declares: bool,
}

impl<'a> Parser<'a, '_> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, kind: MalformedKind) -> Malformed {
        super::position(self.text, self.at, kind)
    }

    fn syntax(&self) -> Malformed {
        self.error(MalformedKind::XmlSyntax)
    }

    /// ```text
    /// document ::= prolog element Misc*
    /// ```
    fn document(&mut self) -> Result<(), Error> {
        self.begin(self.at, 0)?;
        loop {
            let rest = self.rest();
            let octets = rest.as_bytes();
            match octets {
                [] => break,
                [b'<', b'/', ..] => self.end_tag()?,
                [b'<', b'?', ..] => self.instruction()?,
                [b'<', b'!', ..] if rest.starts_with("<!--") => self.comment()?,
                [b'<', b'!', ..] if !rest.starts_with(CDATA) => {
                    // XMLDSig §8.1, XML 1.0 §4.4: entities and attribute defaults make the document
                    // depend on more than its octets.
                    let is_dtd = rest.starts_with("<!DOCTYPE");
                    return Err(if is_dtd {
                        self.error(MalformedKind::XmlDtd).into()
                    } else {
                        self.syntax().into()
                    });
                }
                [b'<', second, ..] if *second != b'!' => self.start_tag()?,
                [b'<'] => return Err(self.syntax().into()),
                _ if self.open.is_empty() => {
                    let length = lex::spaces(rest);
                    if length == 0 {
                        return Err(self.syntax().into());
                    }
                    self.at += length;
                }
                _ => self.text()?,
            }
        }
        if !self.open.is_empty() || self.tree.document_element.is_none() {
            return Err(self.syntax().into());
        }
        self.end(0);
        Ok(())
    }

    /// A node begins; its end is not known yet.
    fn begin(&mut self, start: usize, namespace: u32) -> Result<u32, Limit> {
        self.budget.charge(Resource::Nodes, 1)?;
        let number = short(self.tree.records.len());
        self.tree.records.push(Record {
            start: short(start),
            end: short(start),
            parent: self.open.last().map_or(0, |open| open.record),
            next: number + 1,
            namespace,
        });
        Ok(number)
    }

    /// A node ends where the parser stands.
    fn end(&mut self, number: u32) {
        let (end, next) = (short(self.at), short(self.tree.records.len()));
        if let Some(record) = self.tree.records.get_mut(place(number)) {
            (record.end, record.next) = (end, next);
        }
    }

    /// Goes behind `end`, searched after `skip` octets.
    fn pass(&mut self, skip: usize, end: &str) -> Result<&'a str, Malformed> {
        let inside = self.rest().get(skip..).unwrap_or_default();
        let length = inside.find(end).ok_or_else(|| self.syntax())?;
        self.at += skip + length + end.len();
        Ok(inside.get(..length).unwrap_or_default())
    }

    /// XML 1.0 §2.5: two hyphens end a comment.
    fn comment(&mut self) -> Result<(), Error> {
        let number = self.begin(self.at, 0)?;
        self.pass(4, "--")?;
        if !self.rest().starts_with('>') {
            return Err(self.syntax().into());
        }
        self.at += 1;
        self.end(number);
        Ok(())
    }

    /// ```text
    /// PI ::= '<?' PITarget (S (Char* - (Char* '?>' Char*)))? '?>'
    /// ```
    fn instruction(&mut self) -> Result<(), Error> {
        let number = self.begin(self.at, 0)?;
        let target = lex::name(self.rest().get(2..).unwrap_or_default());
        // XML 1.0 §2.6: the target `xml` in any case is reserved.
        if target.is_empty() || target.eq_ignore_ascii_case("xml") {
            return Err(self.syntax().into());
        }
        let behind = self.pass(2 + target.len(), "?>")?;
        if !behind.is_empty() && lex::spaces(behind) == 0 {
            return Err(self.syntax().into());
        }
        self.end(number);
        Ok(())
    }

    /// Text and CDATA sections that follow each other are one node.
    fn text(&mut self) -> Result<(), Error> {
        let start = self.at;
        let number = self.begin(start, 0)?;
        let from = self.tree.arena.len();
        let mut first: Option<&str> = None;
        let mut is_decoded = false;
        loop {
            let rest = self.rest();
            let section = rest.starts_with('<').then(|| rest.strip_prefix(CDATA));
            let (content, length, has_references) = if let Some(inside) = section.flatten() {
                let end = inside.find("]]>").ok_or_else(|| self.syntax())?;
                let content = inside.get(..end).unwrap_or_default();
                (content, CDATA.len() + end + 3, false)
            } else {
                let run = Run::of(rest);
                let content = rest.get(..run.length).unwrap_or_default();
                if content.is_empty() {
                    break;
                }
                // XML 1.0 §2.4.
                if run.has_bracket && content.contains("]]>") {
                    return Err(self.syntax().into());
                }
                (content, run.length, run.has_references)
            };
            if let Some(before) = first.take()
                && !is_decoded
            {
                self.tree.arena.push_str(before);
                is_decoded = true;
            }
            if has_references {
                is_decoded = true;
                self.expand(content, self.at, false)?;
            } else if is_decoded {
                self.tree.arena.push_str(content);
            } else {
                first = Some(content);
            }
            self.at += length;
        }
        if is_decoded {
            self.decoded(start, from);
        }
        self.end(number);
        Ok(())
    }

    fn decoded(&mut self, at: usize, from: usize) {
        self.tree.decoded.push(Decoded {
            at: short(at),
            from: short(from),
        });
    }

    /// XML 1.0 §4.1, §4.6: replaces references; in a value also white space (§3.3.3).
    fn expand(&mut self, content: &str, at: usize, is_value: bool) -> Result<(), Malformed> {
        let mut rest = content;
        while let Some(octet) = rest.find(['&', '\t', '\n', '\r']) {
            let (plain, behind) = rest.split_at_checked(octet).unwrap_or((rest, ""));
            self.tree.arena.push_str(plain);
            if let Some(reference) = behind.strip_prefix('&') {
                let found = reference.split_once(';');
                let found = found.and_then(|(name, behind)| Some((referred(name)?, behind)));
                let Some((character, behind)) = found else {
                    let at = at + content.len() - behind.len();
                    return Err(super::position(self.text, at, MalformedKind::XmlSyntax));
                };
                self.tree.arena.push(character);
                rest = behind;
            } else {
                let (space, behind) = behind.split_at_checked(1).unwrap_or((behind, ""));
                self.tree.arena.push_str(if is_value { " " } else { space });
                rest = behind;
            }
        }
        self.tree.arena.push_str(rest);
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.budget
            .check(Resource::Depth, count(self.open.len()) + 1)?;
        if self.open.is_empty() && self.tree.document_element.is_some() {
            return Err(self.syntax().into());
        }
        self.at += 1;
        let name = lex::name(self.rest());
        let (prefix, _) = lex::qualified(name).map_err(|kind| self.error(kind))?;
        self.at += name.len();
        let number = self.begin(start, 0)?;
        if self.open.is_empty() {
            self.tree.document_element = Some(number);
        }
        self.attributes.clear();
        let first = self.tree.declarations.len();
        while let Some(written) = lex::attribute(self.text, self.at)
            .map_err(|(kind, at)| super::position(self.text, at, kind))?
        {
            self.budget.charge(Resource::Nodes, 1)?;
            let from = self.tree.arena.len();
            let is_decoded = written.needs_decoding();
            if is_decoded {
                self.expand(written.value, written.value_at, true)?;
                self.decoded(written.value_at, from);
            }
            if let Some(declared) = written.declares() {
                let value = match self.tree.arena.get(from..) {
                    Some(value) if is_decoded => Cow::Owned(value.to_owned()),
                    _ => Cow::Borrowed(written.value),
                };
                self.declare(first, written, declared.len(), value)?;
            } else {
                self.hold(written)?;
            }
            self.at = written.end;
        }
        self.at += lex::spaces(self.rest());
        let is_empty = self.rest().starts_with("/>");
        if !is_empty && !self.rest().starts_with('>') {
            return Err(self.syntax().into());
        }
        let declares = self.tree.declarations.len() > first;
        if declares {
            self.tree.scopes.push(Scope {
                record: number,
                first: short(first),
            });
        }
        let namespace = self.bound(prefix)?;
        if let Some(record) = self.tree.records.get_mut(place(number)) {
            record.namespace = namespace;
        }
        self.bind_attributes(number)?;
        self.at += if is_empty { 2 } else { 1 };
        let open = Open {
            record: number,
            name,
            declares,
        };
        if is_empty {
            self.close(&open);
        } else {
            self.open.push(open);
        }
        Ok(())
    }

    /// A namespace declaration. XML Names 1.0 §2.2, §3.
    fn declare(
        &mut self,
        first: usize,
        written: Written<'a>,
        length: usize,
        uri: Cow<'a, str>,
    ) -> Result<(), Malformed> {
        let prefix = written.name.get(..length).unwrap_or_default();
        let is_wrong = match prefix {
            "xmlns" => true,
            "xml" => uri != XML_NAMESPACE,
            // A prefix cannot be undeclared.
            _ => uri == XML_NAMESPACE || (!prefix.is_empty() && uri.is_empty()),
        };
        let bound = self.bindings.get(prefix).and_then(|all| all.last());
        let twice = bound.is_some_and(|bound| *bound >= number_of(first));
        if is_wrong || twice || uri == XMLNS_NAMESPACE {
            return Err(self.error(MalformedKind::XmlNamespace));
        }
        let namespace = number_of(self.tree.declarations.len());
        self.tree.declarations.push(Declaration { prefix, uri });
        self.bindings.entry(prefix).or_default().push(namespace);
        self.recent = None;
        Ok(())
    }

    /// The number of the namespace that a prefix is bound to here.
    fn bound(&mut self, prefix: &'a str) -> Result<u32, Malformed> {
        if let Some((recent, namespace)) = self.recent
            && lex::same(recent, prefix)
        {
            return Ok(namespace);
        }
        let namespace = self.look_up(prefix)?;
        self.recent = Some((prefix, namespace));
        Ok(namespace)
    }

    fn look_up(&self, prefix: &str) -> Result<u32, Malformed> {
        let found = self.bindings.get(prefix).and_then(|all| all.last());
        match (found, prefix) {
            (_, "xml") => Ok(1),
            (Some(namespace), _) => Ok(*namespace),
            (None, "") => Ok(0),
            (None, _) => Err(self.error(MalformedKind::XmlNamespace)),
        }
    }

    fn hold(&mut self, written: Written<'a>) -> Result<(), Limit> {
        if self.attributes.len() >= MANY {
            self.budget.charge(Resource::Nodes, NODES_OF_MANY)?;
        }
        let prefix = match written.prefix.len() {
            0 => 0,
            length => length + 1,
        };
        self.attributes.push(Held {
            at: short(written.at),
            length: short(prefix + written.name.len()),
            value_at: short(written.value_at),
            value_end: short(written.end - 1),
            namespace: 0,
        });
        Ok(())
    }

    /// Prefix and local name of an attribute.
    fn names(&self, of: &Held) -> (&'a str, &'a str) {
        let at = place(of.at);
        let name = self.text.get(at..at + place(of.length)).unwrap_or_default();
        lex::split(name)
    }

    /// XML 1.0 §3.1, XML Names 1.0 §6.3: no two attributes of one name.
    fn bind_attributes(&mut self, number: u32) -> Result<(), Error> {
        let mut attributes = std::mem::take(&mut self.attributes);
        for held in &mut attributes {
            let (prefix, name) = self.names(held);
            if !prefix.is_empty() {
                // Some readers take every `…:xmlns` for the default namespace.
                if name == "xmlns" {
                    return Err(self.error(MalformedKind::XmlNamespace).into());
                }
                held.namespace = self.bound(prefix)?;
                self.tree.namespaces.push((held.at, held.namespace));
            }
            let is_identifier = match held.namespace {
                0 => lex::same(name, "Id") || lex::same(name, "ID"),
                1 => lex::same(name, "id"),
                _ => false,
            };
            if is_identifier {
                self.tree.identifiers.push(Identifier {
                    at: held.value_at,
                    end: held.value_end,
                    record: number,
                });
            }
        }
        let name = |one: &Held| (self.names(one).1, self.tree.uri(one.namespace));
        let twice = if attributes.len() <= FEW {
            attributes.iter().enumerate().any(|(place, one)| {
                let before = attributes.get(..place).unwrap_or_default();
                before.iter().any(|other| {
                    let is_plain = other.namespace == 0 && one.namespace == 0;
                    (!is_plain || other.length == one.length) && name(other) == name(one)
                })
            })
        } else {
            attributes.sort_unstable_by(|a, b| name(a).cmp(&name(b)));
            let mut pairs = attributes.windows(2);
            pairs.any(|pair| matches!(pair, [a, b] if name(a) == name(b)))
        };
        self.attributes = attributes;
        if twice {
            return Err(self.syntax().into());
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.pop() else {
            return Err(self.syntax().into());
        };
        let rest = self.rest();
        let end = 2 + open.name.len();
        if !rest
            .get(2..end)
            .is_some_and(|name| lex::same(name, open.name))
        {
            return Err(self.syntax().into());
        }
        let behind = rest.get(end..).unwrap_or_default();
        let spaces = lex::spaces(behind);
        if behind.as_bytes().get(spaces) != Some(&b'>') {
            return Err(self.syntax().into());
        }
        self.at += 2 + open.name.len() + spaces + 1;
        self.close(&open);
        Ok(())
    }

    /// An element ends: what it declared is out of scope.
    fn close(&mut self, open: &Open<'a>) {
        self.end(open.record);
        if !open.declares {
            return;
        }
        self.recent = None;
        let own = self.tree.declarations_of_record(open.record);
        for declaration in own {
            if let Some(stack) = self.bindings.get_mut(declaration.prefix) {
                stack.pop();
                if stack.is_empty() {
                    self.bindings.remove(declaration.prefix);
                }
            }
        }
    }
}

/// The number of a namespace by its declaration: 0 and 1 are "none" and that of `xml`.
fn number_of(declaration: usize) -> u32 {
    short(declaration).saturating_add(2)
}

/// Attributes that are compared with each other rather than sorted.
const FEW: usize = 12;
/// Attributes of one tag beyond these cost more: they are held together to be sorted, here and for
/// the canonical form.
const MANY: usize = 256;
const NODES_OF_MANY: u64 = 4;

/// How many nodes a text can have: memory for them is taken once.
fn estimate(text: &str, budget: &Budget) -> usize {
    let pairs = || text.as_bytes().windows(2);
    let markup = pairs().filter(|pair| matches!(pair, [b'<', next] if *next != b'/'));
    let markup = markup.count();
    let behind = pairs().filter(|pair| matches!(pair, [b'>', next] if *next != b'<'));
    // Text ends where markup begins.
    let ends = pairs().filter(|pair| matches!(pair, [b'<', _])).count();
    let most = budget.limits().nodes;
    let all = 1 + markup + behind.count().min(ends);
    all.min(usize::try_from(most).unwrap_or(usize::MAX))
}

/// The text up to the next markup.
struct Run {
    length: usize,
    has_references: bool,
    has_bracket: bool,
}

impl Run {
    fn of(text: &str) -> Self {
        let mut run = Self {
            length: text.len(),
            has_references: false,
            has_bracket: false,
        };
        for (place, octet) in text.bytes().enumerate() {
            match octet {
                b'<' => {
                    run.length = place;
                    break;
                }
                b'&' => run.has_references = true,
                b']' => run.has_bracket = true,
                _ => {}
            }
        }
        run
    }
}

/// The character that a reference stands for, given without `&` and `;`.
fn referred(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => None,
        };
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_u32;
    for digit in digits.chars() {
        value = value
            .saturating_mul(radix)
            .saturating_add(digit.to_digit(radix)?);
    }
    char::from_u32(value).filter(|character| lex::is_character(*character))
}
