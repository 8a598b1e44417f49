package zship.localnode.access;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenCheckTest {
    private static Tokens provider;
    private static TokenCheck check;

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        provider = new Tokens("secp384r1");
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC);
        check = new TokenCheck(provider.key(), List.of("Radio", "support"), clock);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"azp":"radio","exp":1001} | true
            {"azp":"SUPPORT"} | true
            {"azp":"x","scope":["a","user:memberof:Radio"],"exp":1001} | true
            {"scope":["User:MemberOf:RADIO"],"nbf":1000} | true
            {"azp":"radio","exp":1000} | false
            {"azp":"radio","nbf":1001} | false
            {"azp":"radio2","exp":1001} | false
            {"scope":["user:memberof:radio.sub"]} | false
            {"scope":"user:memberof:radio"} | false
            {} | false
            [] | false
            no json | false
            """)
    void organisationAndTimeDecide(String claims, boolean good) throws GeneralSecurityException {
        assertThat(check.accepts(provider.token("ES384", claims))).isEqualTo(good);
    }

    @Test
    void onlyTheProvidersSignatureCounts() throws GeneralSecurityException {
        String claims = "{\"azp\":\"radio\"}";
        String good = provider.token("ES384", claims);
        assertThat(check.accepts(new Tokens("secp384r1").token("ES384", claims))).isFalse();
        assertThat(check.accepts(provider.token("none", claims))).isFalse();
        assertThat(check.accepts(provider.token("HS384", claims))).isFalse();
        assertThat(check.accepts(good.substring(0, good.lastIndexOf('.') + 1))).isFalse();
        assertThat(check.accepts(good + ".x")).isFalse();
        assertThat(check.accepts("")).isFalse();
        assertThat(check.accepts("..")).isFalse();
        assertThat(check.accepts("é.".repeat(20_000))).isFalse();
    }

    @Test
    void keyIsReadFromPemAndMustBeOfTheRightCurve() throws GeneralSecurityException {
        assertThat(TokenCheck.readKey(provider.pem())).isEqualTo(provider.key());
        String other = new Tokens("secp256r1").pem();
        assertThatThrownBy(() -> TokenCheck.readKey(other)).hasMessageContaining("P-384");
        assertThatThrownBy(() -> TokenCheck.readKey("no key")).isInstanceOf(GeneralSecurityException.class);
    }
}
