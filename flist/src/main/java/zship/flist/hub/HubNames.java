package zship.flist.hub;

import zship.flist.hub.HubException.Kind;

/** Names are put into addresses as they are, and a hub drops other characters silently; so they are checked here. */
final class HubNames {
    private static final String ENDING = ".flist";

    private HubNames() {
    }

    /** The name of an flist or a link, with its ending. */
    static String flist(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,249}") || !name.endsWith(ENDING)) {
            throw new HubException(Kind.USAGE, "use the flist name '" + name + "'",
                    "names have letters, digits, '.', '_' and '-', start with no dot and end in " + ENDING,
                    "choose a name like icecast-2.4.4.flist");
        }
        return name;
    }

    /** The name of a repository, a tag or a link to a tag. */
    static String repository(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}") || name.equals("me")) {
            throw new HubException(Kind.USAGE, "use the repository or tag name '" + name + "'",
                    "names have letters, digits, '.', '_' and '-', and start with no dot",
                    "zship hub ls shows the repositories");
        }
        return name;
    }

    /** The name of a link to a tag, which hubs tell from one to an flist by its ending. */
    static String tagLink(String name) {
        if (name.endsWith(ENDING)) {
            throw new HubException(Kind.USAGE, "use '" + name + "' for a link to a tag",
                    "only flists and links to flists end in " + ENDING, "leave the ending out");
        }
        return repository(name);
    }

    static String path(String repository, String name) {
        return "/api/flist/" + repository(repository) + "/" + flist(name);
    }
}
