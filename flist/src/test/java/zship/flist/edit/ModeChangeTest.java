package zship.flist.edit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Flist;
import zship.flist.GoldenData;
import zship.flist.TreePath;
import zship.flist.store.StoreUrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModeChangeTest {
    @ParameterizedTest
    @CsvSource({"0644,4755,4755", "7777,0,0", "0644,u+x,0744", "0777,go-w,0755", "0644,a+X,0644", "0744,a+X,0755",
        "0755,u+s,4755", "0777,+t,1777", "4755,u=rw,0655", "0644,u=rwx;g=rx;o=,0750"})
    void changesBitsAsChmodDoes(String before, String change, String after) {
        assertThat(ModeChange.of(change.replace(';', ',')).apply(Integer.parseInt(before, 8), false))
                .isEqualTo(Integer.parseInt(after, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9", "8755", "77777", "u+q", "u", "u+x,"})
    void refusesWhatIsNoMode(String text) {
        assertThatThrownBy(() -> ModeChange.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void metadataKeepsTheShapesOfTheRealTool() {
        Flist golden = Flist.open(GoldenData.file("golden.flist"));
        StoreUrl.Server server = (StoreUrl.Server) StoreUrl.of("zdb://127.0.0.1:9931");
        assertThat(MetadataValues.backend(golden, server).metadata()).isEqualTo(golden.metadata());
        assertThat(MetadataValues.port(golden, "tcp/1", 2).metadata().get("port")).endsWith(", \"tcp/1\": 2}");
        Flist set = MetadataValues.volume(golden, "/new", "");
        assertThat(set.metadata().get("volume")).endsWith(", \"/new\": {}}");
        assertThat(MetadataValues.unset(set, "volume", "/new").metadata()).isEqualTo(golden.metadata());
    }

    @Test
    void shownPathsAreReadBack() {
        Flist golden = Flist.open(GoldenData.file("golden.flist"));
        golden.walk((path, entry) -> assertThat(TreePath.ofShown(path.toString())).isEqualTo(path));
    }
}
