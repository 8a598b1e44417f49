package zship.deployer.health;

import java.util.Optional;

/**
 * What one probe found.
 *
 * @param passed whether the check holds
 * @param detail what was seen, without secrets
 */
record Finding(boolean passed, String detail) {

    static final Finding OK = passed("ok");

    static Finding passed(String detail) {
        return new Finding(true, detail);
    }

    static Finding of(Optional<String> fault) {
        return fault.map(Finding::fault).orElse(OK);
    }

    static Finding fault(String detail) {
        return new Finding(false, detail);
    }
}
