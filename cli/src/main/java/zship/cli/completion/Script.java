package zship.cli.completion;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import zship.cli.render.Progress;

/** Writes the completion of a shell: one function that lists what can follow, and a few lines that tell the shell. */
final class Script {
    private final List<Place> places;

    Script(List<Place> places) {
        this.places = places;
    }

    String bash() {
        return "# zship completion for bash. Load it with: source <(zship completion bash)\n" + candidates() + """

                _zship() {
                  local current="${COMP_WORDS[COMP_CWORD]}" found
                  found="$(_zship_candidates "${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:COMP_CWORD-1}")"
                  case "$current" in -*) ;; *) found="$(printf '%s\\n' "$found" | grep -v '^-')" ;; esac
                  COMPREPLY=($(compgen -W "$found" -- "$current"))
                }
                complete -o default -F _zship zship ./zship
                """;
    }

    String zsh() {
        return "#compdef zship\n# zship completion for zsh. Load it with: source <(zship completion zsh)\n"
                + candidates() + """

                        _zship() {
                          local -a found
                          found=(${(f)"$(_zship_candidates "${words[1]}" "${(@)words[2,CURRENT-1]}")"})
                          [[ "${words[CURRENT]}" == -* ]] || found=(${found:#-*})
                          if (( $#found )); then compadd -a found; else _files; fi
                        }
                        (( $+functions[compdef] )) && compdef _zship zship
                        """;
    }

    /** The function that bash and zsh share. Its arguments: the program, and the words before the one being typed. */
    private String candidates() {
        StringBuilder text = new StringBuilder("""
                _zship_candidates() {
                  local program="$1" at="" last="" word
                  shift
                  for word in "$@"; do
                    last="$word"
                    case "$at/$word" in
                """);
        text.append("      ").append(paths().collect(Collectors.joining("|"))).append(") at=\"${at:+$at/}$word\" ;;\n");
        text.append("    esac\n  done\n  case \"$at $last\" in\n");
        text.append("    *\" --progress\") printf '%s\\n' ").append(modes()).append("; return ;;\n");
        for (Place place : places) {
            text.append("    ").append(place.valued().stream().map(option -> "\"" + place.path() + " " + option + "\"")
                    .collect(Collectors.joining("|"))).append(") return ;;\n");
        }
        text.append("  esac\n  case \"$at\" in\n");
        for (Place place : places) {
            text.append("    \"").append(place.path()).append("\") printf '%s\\n' ").append(words(place));
            text.append(place.container() ? "; \"$program\" completion names 2>/dev/null ;;\n" : " ;;\n");
        }
        return text.append("  esac\n}\n").toString();
    }

    String fish() {
        StringBuilder text = new StringBuilder("""
                # zship completion for fish. Load it with: zship completion fish | source
                function __zship_candidates
                  set -l words (commandline -opc)
                  set -l program $words[1]
                  set -e words[1]
                  set -l at ""
                  set -l last ""
                  for word in $words
                    set last "$word"
                    switch "$at/$word"
                """);
        text.append("      case ").append(paths().collect(Collectors.joining(" "))).append("""

                        set at (string trim --left --chars=/ "$at/$word")
                    end
                  end
                  switch "$at $last"
                    case "* --progress"
                """);
        text.append("      printf '%s\\n' ").append(modes()).append("\n      return\n");
        for (Place place : places) {
            text.append("    case ").append(place.valued().stream()
                    .map(option -> "\"" + place.path() + " " + option + "\"").collect(Collectors.joining(" ")))
                    .append("\n      __fish_complete_path (commandline -ct)\n      return\n");
        }
        text.append("  end\n  switch \"$at\"\n");
        for (Place place : places) {
            text.append("    case \"").append(place.path()).append("\"\n      printf '%s\\n' ").append(words(place));
            if (place.container()) {
                text.append("\n      $program completion names 2>/dev/null");
            } else if (place.commands().isEmpty()) {
                text.append("\n      __fish_complete_path (commandline -ct)");
            }
            text.append('\n');
        }
        return text.append("  end\nend\ncomplete -c zship -f -a '(__zship_candidates)'\n").toString();
    }

    private Stream<String> paths() {
        return places.stream().map(Place::path).filter(path -> !path.isEmpty())
                .map(path -> path.contains("/") ? path : "/" + path);
    }

    private static String words(Place place) {
        return Stream.concat(place.commands().stream(), place.options().stream()).collect(Collectors.joining(" "));
    }

    private static String modes() {
        return Stream.concat(Stream.of("auto"), Stream.of(Progress.values()).map(it -> it.name().toLowerCase(
                Locale.ROOT))).collect(Collectors.joining(" "));
    }
}
