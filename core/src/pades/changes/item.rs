//! Places to be compared, and what comparing one gives.

use super::style::Styling;
use crate::pdf::{Object, ObjectReference};
use crate::signature::Change;
use crate::vocabulary::{ChangeAction, ChangeClass};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A value, or the way to it.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    Null,
    Reference(ObjectReference),
    Direct(Arc<Object>),
}

impl Slot {
    pub(super) fn of(object: Option<&Object>) -> Self {
        match object {
            None | Some(Object::Null) => Self::Null,
            Some(Object::Reference(reference)) => Self::Reference(*reference),
            Some(object) => Self::Direct(Arc::new(object.clone())),
        }
    }

    pub(super) fn reference(&self) -> Option<ObjectReference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }
}

/// What a place is in a document, and so what may change there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Catalog,
    Form {
        /// Whether the pages only stand in for what is made of XFA.
        is_rendered: bool,
    },
    /// The fields of a form or the kids of a field.
    Fields {
        context: usize,
    },
    Field {
        context: usize,
    },
    NewField {
        context: usize,
    },
    PageTree,
    /// A node of the page tree, looked at for where its annotations lie.
    Places,
    Annotations {
        owner: usize,
    },
    Annotation {
        owner: usize,
        /// Whom what is seen of it belongs to.
        over: usize,
    },
    FormResources {
        owner: usize,
    },
    FormNames {
        owner: usize,
    },
    Store,
    StoreArray,
    /// An element of such an array that only the new revision has.
    StoreValue,
    Vri,
    VriEntry,
    Information,
    Metadata,
    /// Anything: a difference is a change of this class.
    Any {
        class: ChangeClass,
        owner: usize,
    },
    /// Only in the new revision: nothing in it may act.
    New {
        owner: usize,
    },
}

/// When a place is compared: what others are known by comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Form,
    Pages,
    Rest,
}

/// A place to be compared.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) role: Role,
    pub(super) old: Slot,
    pub(super) new: Slot,
    pub(super) path: usize,
    /// The last key on the way.
    pub(super) key: Arc<[u8]>,
    /// Whether the way leads through what pages are drawn with.
    pub(super) is_drawn: bool,
}

/// Entries whose values decide what is drawn. Below them names are free, so a key says nothing of
/// what it leads to: an object that is also a form, a page or a note is compared as a drawing too.
const DRAWN: [&[u8]; 4] = [b"Resources", b"DR", b"AP", b"OCProperties"];

/// Whether what stands under a key decides what is drawn.
pub(super) fn is_drawn(key: &[u8]) -> bool {
    DRAWN.contains(&key)
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum PathStep {
    Key(Arc<[u8]>),
    Index(usize),
}

/// Whom a change belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Owner {
    pub(super) field: Option<Arc<str>>,
    pub(super) page: Option<u64>,
    /// Whether no name says which field it is.
    pub(super) is_any_field: bool,
    /// Whether it is made to be seen over the page.
    pub(super) is_over: bool,
}

impl Owner {
    /// The form: all fields that take from it how they are drawn.
    pub(super) fn form() -> Self {
        Self {
            is_any_field: true,
            ..Self::default()
        }
    }

    /// A field. One without a name, or with a name that readers do not all see alike, may be any.
    pub(super) fn field(name: Option<&Arc<str>>) -> Self {
        let is_sure = |name: &Arc<str>| {
            let mut characters = name.chars();
            !characters.any(|one| one.is_control() || one == char::REPLACEMENT_CHARACTER)
        };
        Self {
            field: name.cloned(),
            is_any_field: !name.is_some_and(is_sure),
            ..Self::default()
        }
    }
}

/// What a field hands down.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldContext {
    pub(super) name: Option<Arc<str>>,
    pub(super) kind: Option<Arc<[u8]>>,
    pub(super) flags: u64,
    /// Signed in the old revision: nothing of it may change.
    pub(super) is_signed: bool,
    /// Signed in the new revision only.
    pub(super) becomes: Option<ChangeClass>,
    /// A new signature field that nobody has signed.
    pub(super) is_empty: bool,
    /// Which fields there are decides whether readers show the pages or XFA.
    pub(super) is_switch: bool,
    /// Its value, as it was and as it is.
    pub(super) value: [Option<Arc<Object>>; 2],
    /// Whether something acts in it, and may write the value in another way.
    pub(super) acts: bool,
    /// With what it is drawn where it has no appearance.
    pub(super) styling: Styling,
    /// The field itself: what its kids name as their parent.
    pub(super) node: Option<ObjectReference>,
    pub(super) depth: u64,
}

/// What is known of an object by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Catalog or form: nobody refers to it but what a signature says it compares.
    Root,
    /// Page or page tree node: whoever refers to it, it is compared once as that.
    Structure,
    /// A form field or its widget; the class when it is new or newly signed.
    Field {
        becomes: Option<ChangeClass>,
    },
    Annotation,
}

/// What comparing one place gives; nothing of it counts before the whole place is compared.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) items: Vec<(Stage, Item)>,
    pub(super) changes: Vec<Change>,
    pub(super) paths: Vec<(usize, PathStep)>,
    /// Of each of these paths, whether it leads through what pages are drawn with.
    pub(super) drawn: Vec<bool>,
    pub(super) owners: Vec<Owner>,
    pub(super) contexts: Vec<FieldContext>,
    pub(super) known: Vec<(u32, Known)>,
    /// Annotations with how much is seen of their page; of the page itself under no number.
    pub(super) places: Vec<(Option<u32>, f64)>,
    /// Objects that are the same in both revisions, with all that they lead to.
    pub(super) same: BTreeSet<ObjectReference>,
    pub(super) unreadable: Option<ObjectReference>,
    /// An object of the update in which a key stands twice.
    pub(super) twofold: Option<ObjectReference>,
    /// What readers disagree about: what they all take alike, and the object that is not so.
    pub(super) disputed: Option<(&'static str, ObjectReference)>,
    /// Whether the place was left out because of the key that leads to it: by another key it counts.
    pub(super) is_elsewhere: bool,
    pub(super) is_page: bool,
    /// Elements that were looked at without being pushed.
    pub(super) looked_at: usize,
    /// The object at hand.
    pub(super) holder: Option<ObjectReference>,
    /// How many there are already.
    pub(super) path_base: usize,
    pub(super) owner_base: usize,
    pub(super) context_base: usize,
}

impl Out {
    pub(super) fn below(&mut self, path: usize, key: &[u8]) -> usize {
        self.paths.push((path, PathStep::Key(Arc::from(key))));
        self.drawn.push(self.is_drawn(path) || is_drawn(key));
        self.path_base + self.paths.len() - 1
    }

    pub(super) fn element(&mut self, path: usize, index: usize) -> usize {
        self.paths.push((path, PathStep::Index(index)));
        self.drawn.push(self.is_drawn(path));
        self.path_base + self.paths.len() - 1
    }

    /// Whether a path leads through what pages are drawn with, from the place at hand.
    fn is_drawn(&self, path: usize) -> bool {
        let own = path.checked_sub(self.path_base);
        own.and_then(|own| self.drawn.get(own)).copied() == Some(true)
    }

    pub(super) fn owner(&mut self, owner: Owner) -> usize {
        self.owners.push(owner);
        self.owner_base + self.owners.len() - 1
    }

    pub(super) fn context(&mut self, context: FieldContext) -> usize {
        self.contexts.push(context);
        self.context_base + self.contexts.len() - 1
    }

    pub(super) fn push(
        &mut self,
        stage: Stage,
        role: Role,
        (old, new): (Slot, Slot),
        path: usize,
        key: &[u8],
    ) {
        let key = Arc::from(key);
        let is_drawn = self.is_drawn(path);
        let item = Item {
            role,
            old,
            new,
            path,
            key,
            is_drawn,
        };
        self.items.push((stage, item));
    }
}

/// Added, removed or changed.
pub(super) fn action(old: Option<&Object>, new: Option<&Object>) -> ChangeAction {
    let is_null = |value: Option<&Object>| value.is_none_or(|value| *value == Object::Null);
    match (is_null(old), is_null(new)) {
        (true, false) => ChangeAction::Added,
        (false, true) => ChangeAction::Removed,
        _ => ChangeAction::Changed,
    }
}
