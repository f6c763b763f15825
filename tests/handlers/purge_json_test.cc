#include "handlers/purge_json.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(PurgeJsonTest, TellsOfEachNode) {
  const PurgeReport report{.id = "x1",
                           .done = {"http://a", "http://b"},
                           .missed = {{.node = "http://c", .reason = "out of time"}},
                           .note = "a Go ring"};
  EXPECT_EQ(purge_json(report),
            R"({"id":"x1","nodes":[{"node":"http://a","purged":true},)"
            R"({"node":"http://b","purged":true},)"
            R"({"node":"http://c","purged":false,"reason":"out of time"}],"note":"a Go ring"})"
            "\n");
}

TEST(PurgeJsonTest, LeavesOutANoteThatIsNotThere) {
  const PurgeReport report{.id = "x", .done = {}, .missed = {}, .note = ""};
  EXPECT_EQ(purge_json(report), "{\"id\":\"x\",\"nodes\":[]}\n");
}

TEST(PurgeJsonTest, IsJsonWhateverTheTextsAre) {
  const PurgeReport report{.id = "x", .done = {"\xff\"\n"}, .missed = {}, .note = ""};
  EXPECT_EQ(purge_json(report),
            "{\"id\":\"x\",\"nodes\":[{\"node\":\"\xef\xbf\xbd\\\"\\n\",\"purged\":true}]}\n");
}

}  // namespace
}  // namespace imageserver
