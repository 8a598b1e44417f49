package zship.deployer.health;

import java.time.Duration;

/**
 * What one probe saw.
 *
 * @param check the check's name
 * @param passed whether it holds
 * @param detail what was seen, without secrets
 * @param at when, since the first probe
 */
public record ProbeResult(String check, boolean passed, String detail, Duration at) {
}
