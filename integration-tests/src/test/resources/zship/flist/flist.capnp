# The values of an flist by their places on the wire; the names do not matter there.
@0xae9223e76351538a;

struct Chunk { id @0 :Data; plainHash @1 :Data; }

struct File { blockUnits @0 :UInt16; chunks @1 :List(Chunk); }

struct Link { target @0 :Text; }

struct Special {
  kind @0 :Kind;
  data @1 :Data;
  enum Kind { socket @0; block @1; chardev @2; fifopipe @3; unknown @4; }
}

struct SubDirectory { key @0 :Text; }

struct Entry {
  name @0 :Text;
  size @1 :UInt64;
  what :union { dir @2 :SubDirectory; file @3 :File; link @4 :Link; special @5 :Special; }
  aclKey @6 :Text;
  mtime @7 :UInt32;
  ctime @8 :UInt32;
}

struct Directory {
  name @0 :Text;
  location @1 :Text;
  entries @2 :List(Entry);
  parent @3 :Text;
  size @4 :UInt64;
  aclKey @5 :Text;
  mtime @6 :UInt32;
  ctime @7 :UInt32;
}

struct Acl {
  user @0 :Text;
  group @1 :Text;
  mode @2 :UInt16;
  rights @3 :List(Right);
  id @4 :UInt32;
  uid @5 :Int64 = -1;
  gid @6 :Int64 = -1;
  struct Right { right @0 :Text; usergroupid @1 :UInt16; }
}
