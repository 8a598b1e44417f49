package zship.cli.hub;

import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import zship.cli.session.Session;
import zship.flist.hub.HubClient;

/** The commands that change a repository, and the one that says whose it is. */
final class HubChanges {
    private HubChanges() {
    }

    /** {@code zship hub login}. */
    @Command(name = "login", description = "Says as whom the hub takes this token.")
    static final class Login extends HubCall {
        @Override
        void run(Session session, HubClient hub) {
            String user = hub.user();
            session.output().result(Map.of("user", user), user);
        }
    }

    /** {@code zship hub rm}. */
    @Command(name = "rm", description = "Removes an flist or a link of your own.")
    static final class Rm extends HubCall {
        @Option(names = "--tag-link", description = "NAME is a link to a tag")
        private boolean tagLink;

        @Parameters(index = "0", paramLabel = "NAME", description = "the flist or link")
        private String name = "";

        @Override
        void run(Session session, HubClient hub) {
            String shown = tagLink ? name : flist(name);
            if (tagLink) {
                hub.deleteTagLink(name);
            } else {
                hub.delete(shown);
            }
            done(session, "removed " + shown);
        }
    }

    /** {@code zship hub rename}. */
    @Command(name = "rename", description = "Renames an flist or a link of your own; never replaces another.")
    static final class Rename extends HubCall {
        @Parameters(index = "0", paramLabel = "NAME", description = "the flist or link")
        private String name = "";

        @Parameters(index = "1", paramLabel = "NEW", description = "its new name")
        private String other = "";

        @Override
        void run(Session session, HubClient hub) {
            hub.rename(flist(name), flist(other));
            done(session, flist(name) + " is now " + flist(other));
        }
    }

    /** {@code zship hub link}. */
    @Command(name = "link", description = "Points a link to an flist of your own, wherever it pointed before.")
    static final class Link extends HubCall {
        @Parameters(index = "0", paramLabel = "NAME", description = "the flist")
        private String name = "";

        @Parameters(index = "1", paramLabel = "LINK", description = "the link")
        private String link = "";

        @Override
        void run(Session session, HubClient hub) {
            hub.move(flist(name), flist(link));
            done(session, flist(link) + " points to " + flist(name));
        }
    }

    /** {@code zship hub crosslink}. */
    @Command(name = "crosslink", description = "Points a link to an flist of another repository.")
    static final class Crosslink extends HubCall {
        @Parameters(index = "0", paramLabel = "REPOSITORY/NAME", description = "the flist")
        private String place = "";

        @Parameters(index = "1", paramLabel = "LINK", description = "the link")
        private String link = "";

        @Override
        void run(Session session, HubClient hub) {
            List<String> parts = parts(place);
            hub.crosslink(flist(link), parts.get(0), parts.get(1));
            done(session, flist(link) + " points to " + String.join("/", parts));
        }
    }

    /** {@code zship hub promote}. */
    @Command(name = "promote", description = "Copies an flist of another repository into your own; never replaces another.")
    static final class Promote extends HubCall {
        @Parameters(index = "0", paramLabel = "REPOSITORY/NAME", description = "the flist")
        private String place = "";

        @Parameters(index = "1", paramLabel = "NEW", description = "the copy's name")
        private String name = "";

        @Override
        void run(Session session, HubClient hub) {
            List<String> parts = parts(place);
            hub.promote(parts.get(0), parts.get(1), flist(name));
            done(session, flist(name) + " is a copy of " + String.join("/", parts));
        }
    }

    /** {@code zship hub tag}. */
    @Command(name = "tag", description = "Puts an flist into a tag of your own.")
    static final class Tag extends HubCall {
        @Parameters(index = "0", paramLabel = "REPOSITORY/NAME", description = "the flist")
        private String place = "";

        @Parameters(index = "1", paramLabel = "TAG", description = "the tag")
        private String tag = "";

        @Parameters(index = "2", paramLabel = "LINK", description = "its name in the tag")
        private String link = "";

        @Override
        void run(Session session, HubClient hub) {
            List<String> parts = parts(place);
            hub.tag(tag, flist(link), parts.get(0), parts.get(1));
            done(session, "tags/" + tag + "/" + flist(link) + " points to " + String.join("/", parts));
        }
    }

    /** {@code zship hub untag}. */
    @Command(name = "untag", description = "Takes an flist out of a tag of your own.")
    static final class Untag extends HubCall {
        @Parameters(index = "0", paramLabel = "REPOSITORY/NAME", description = "the flist")
        private String place = "";

        @Parameters(index = "1", paramLabel = "TAG", description = "the tag")
        private String tag = "";

        @Parameters(index = "2", paramLabel = "LINK", description = "its name in the tag")
        private String link = "";

        @Override
        void run(Session session, HubClient hub) {
            List<String> parts = parts(place);
            hub.untag(tag, flist(link), parts.get(0), parts.get(1));
            done(session, "removed tags/" + tag + "/" + flist(link));
        }
    }

    /** {@code zship hub crosstag}. */
    @Command(name = "crosstag", description = "Points a link to a whole tag of a repository.")
    static final class Crosstag extends HubCall {
        @Parameters(index = "0", paramLabel = "LINK", description = "the link")
        private String link = "";

        @Parameters(index = "1", paramLabel = "REPOSITORY", description = "whose tag")
        private String repository = "";

        @Parameters(index = "2", paramLabel = "TAG", description = "the tag")
        private String tag = "";

        @Override
        void run(Session session, HubClient hub) {
            hub.crosstag(link, repository, tag);
            done(session, link + " points to " + repository + "/tags/" + tag);
        }
    }

    /** {@code zship hub merge}. */
    @Command(name = "merge", description = "Merges flists into one; on conflicts the first counts.")
    static final class Merge extends HubCall {
        @Parameters(index = "0", paramLabel = "TARGET", description = "the flist to make")
        private String target = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "REPOSITORY/NAME", description = "the flists to merge")
        private List<String> sources = List.of();

        @Override
        void run(Session session, HubClient hub) {
            List<String> places = sources.stream().map(it -> String.join("/", parts(it))).toList();
            hub.merge(flist(target), places);
            done(session, flist(target) + " holds " + String.join(", ", places));
        }
    }
}
