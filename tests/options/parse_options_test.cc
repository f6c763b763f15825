#include "options/parse_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "options/flags.h"

namespace imageserver {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFile = IMAGESERVER_TESTDATA "/notes.txt";

class OptionsTest : public testing::Test {
 protected:
  using Outcome = std::variant<Options, EarlyExit>;

  static Outcome parse(std::vector<std::string> words) {
    words.insert(words.begin(), "imageserver");
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    return parse_options(static_cast<int>(argv.size()), argv.data());
  }

  static Options options(const std::vector<std::string>& words) {
    const Outcome outcome = parse(words);
    if (const auto* exit = std::get_if<EarlyExit>(&outcome)) {
      ADD_FAILURE() << exit->text;
      return {};
    }
    return std::get<Options>(outcome);
  }

  static EarlyExit early_exit(const std::vector<std::string>& words) {
    const Outcome outcome = parse(words);
    if (std::holds_alternative<Options>(outcome)) {
      ADD_FAILURE() << "accepted: " << testing::PrintToString(words);
      return {};
    }
    return std::get<EarlyExit>(outcome);
  }

  static void expect_wrong(const std::vector<std::string>& words, const std::string& what) {
    const EarlyExit exit = early_exit(words);
    EXPECT_EQ(exit.code, 2);
    EXPECT_EQ(exit.text, "imageserver: " + what + "\n");
    EXPECT_EQ(std::ranges::count(exit.text, '\n'), 1);
  }
};

TEST_F(OptionsTest, WithoutFlagsEveryDefaultHolds) {
  EXPECT_EQ(options({}), Options());
  EXPECT_EQ(std::get<Options>(parse_options(0, nullptr)), Options());
}

TEST_F(OptionsTest, GivingADefaultChangesNothing) {
  for (const Flag& flag : flags()) {
    if (flag.name == "source") continue;  // no value that could be given names the sample images
    const std::string name = "--" + std::string(flag.name);
    EXPECT_EQ(options({name + "=" + std::string(flag.default_value)}), Options()) << name;
    if (!flag.is_switch) {
      EXPECT_EQ(options({name, std::string(flag.default_value)}), Options()) << name;
    }
    EXPECT_EQ(flag.default_value.empty(), !flag.default_words.empty()) << name;
  }
}

TEST_F(OptionsTest, EveryFlagSetsItsOption) {
  const Options all =
      options({"--http=127.0.0.1:1", "--groupcache=64KiB", "--groupcache-peers=:2,:3",
               "--groupcache-self=me:1", "--source=/", "--workers=4", "--io-threads=5", "--queue=6",
               "--timeout=1m30s", "--peer-timeout=500ms", "--max-age=7", "--log-level=debug"});
  EXPECT_EQ(all.http, "127.0.0.1:1");
  EXPECT_EQ(all.groupcache, 65536);
  EXPECT_THAT(all.groupcache_peers, ElementsAre(":2", ":3"));
  EXPECT_EQ(all.groupcache_self, "me:1");
  EXPECT_THAT(all.sources, ElementsAre(PrefixRule{"/", "/"}));
  EXPECT_EQ(all.workers, 4);
  EXPECT_EQ(all.io_threads, 5);
  EXPECT_EQ(all.queue, 6);
  EXPECT_EQ(all.timeout, milliseconds(90'000));
  EXPECT_EQ(all.peer_timeout, milliseconds(500));
  EXPECT_EQ(all.max_age, 7);
  EXPECT_EQ(all.log_level, "debug");
}

TEST_F(OptionsTest, EveryFlagOfTheRingSetsItsOption) {
  const Options all =
      options({"--groupcache-peers-dns=srv:a.b", "--groupcache-peers-dns-server=127.0.0.1:53",
               "--groupcache-peers-interval=3s", "--groupcache-peers-etcd-prefix=/a/b/",
               "--groupcache-ring=go", "--groupcache-policy=lru", "--groupcache-listen=:9",
               "--groupcache-secret-file=" + kFile, "--drain=0s"});
  EXPECT_EQ(all.groupcache_peers_dns, "srv:a.b");
  EXPECT_EQ(all.groupcache_peers_dns_server, "127.0.0.1:53");
  EXPECT_EQ(all.groupcache_peers_interval, milliseconds(3'000));
  EXPECT_EQ(all.groupcache_peers_etcd_prefix, "/a/b/");
  EXPECT_EQ(all.groupcache_ring, RingMode::kGo);
  EXPECT_EQ(all.groupcache_policy, CachePolicy::kLru);
  EXPECT_EQ(options({"--groupcache-policy=s3fifo"}).groupcache_policy, CachePolicy::kS3Fifo);
  EXPECT_EQ(all.groupcache_listen, ":9");
  EXPECT_EQ(all.groupcache_secret_file, kFile);
  EXPECT_EQ(all.drain, milliseconds(0));
  EXPECT_EQ(options({"--groupcache-peers-file=" + kFile}).groupcache_peers_file, kFile);
  EXPECT_EQ(options({"--groupcache-peers-etcd=http://a:1"}).groupcache_peers_etcd, "http://a:1");
}

TEST_F(OptionsTest, EveryFlagOfTheConnectionsSetsItsOption) {
  const Options all = options({"--max-connections=100", "--answer-bytes=64MiB"});
  EXPECT_EQ(all.max_connections, 100);
  EXPECT_EQ(all.answer_bytes, std::int64_t{64} << 20U);
}

TEST_F(OptionsTest, EveryFlagOfTheOriginsSetsItsOption) {
  const Options all =
      options({"--source=/photos=https://origin.example/img/", "--source=http://other.example/",
               "--source-header-file=" + kFile, "--source-ca=" + kFile,
               "--source-allow-private=10.0.0.0/8,origin.internal", "--source-max-bytes=5MiB",
               "--source-cache=0", "--source-bytes=1MiB", "--source-connect-timeout=1s",
               "--source-first-byte-timeout=2s", "--source-timeout=3s", "--source-connections=7"});
  EXPECT_THAT(all.sources, ElementsAre(PrefixRule{"/photos", "https://origin.example/img/"},
                                       PrefixRule{"/", "http://other.example/"}));
  EXPECT_EQ(all.source_header_file, kFile);
  EXPECT_EQ(all.source_ca, kFile);
  EXPECT_EQ(all.source_allow_private, "10.0.0.0/8,origin.internal");
  EXPECT_EQ(all.source_max_bytes, std::int64_t{5} << 20U);
  EXPECT_EQ(all.source_cache, 0);
  EXPECT_EQ(all.source_bytes, std::int64_t{1} << 20U);
  EXPECT_EQ(all.source_connect_timeout, milliseconds(1'000));
  EXPECT_EQ(all.source_first_byte_timeout, milliseconds(2'000));
  EXPECT_EQ(all.source_timeout, milliseconds(3'000));
  EXPECT_EQ(all.source_connections, 7);
  EXPECT_EQ(options({"--watermarks=https://a.example/"}).watermarks, "https://a.example/");
}

TEST_F(OptionsTest, AnOriginalHasAtLeastOneByteAndAtMost20MiB) {
  EXPECT_EQ(options({"--source-max-bytes=20MiB"}).source_max_bytes, 20'971'520);
  EXPECT_EQ(options({"--source-max-bytes=1"}).source_max_bytes, 1);
  for (const char* const wrong : {"0", "-1", "20971521", "1GiB", "x", ""}) {
    expect_wrong({"--source-max-bytes=" + std::string(wrong)},
                 "--source-max-bytes: must be a number of bytes above 0 and up to 20971520, or "
                 "such as 5MiB, not \"" +
                     std::string(wrong) + '"');
  }
}

TEST_F(OptionsTest, FetchesNeedTimeRoomAndAConnection) {
  expect_wrong({"--source-timeout=0s"},
               "--source-timeout: must be a time above 0 and up to 24h, such as 10s, 500ms or "
               "1m30s, not \"0s\"");
  expect_wrong({"--source-connections=0"},
               R"(--source-connections: must be between 1 and 1024, not "0")");
  expect_wrong({"--source-bytes=0"},
               "--source-bytes: must be a number of bytes above 0, such as 536870912 or 512MiB, "
               "not \"0\"");
  expect_wrong({"--source-cache=-1"},
               "--source-cache: must be a number of bytes, 0 or more, such as 4294967296 or 4GiB, "
               "not \"-1\"");
}

TEST_F(OptionsTest, EveryFlagOfThePicturesSetsItsOption) {
  const Options all =
      options({"--watermarks=/", "--presets=" + kFile, "--presets-only", "--strict-params",
               "--untrusted-formats=svg,jxl", "--avif-auto-max-mp=0.5", "--sandbox=require"});
  EXPECT_EQ(all.watermarks, "/");
  EXPECT_EQ(all.presets, kFile);
  EXPECT_TRUE(all.presets_only);
  EXPECT_TRUE(all.strict_params);
  EXPECT_EQ(all.untrusted_formats, (UntrustedFormats{.svg = true, .jxl = true}));
  EXPECT_EQ(all.avif_auto_max_mp, 0.5);
  EXPECT_EQ(all.sandbox, SandboxMode::kRequire);
}

TEST_F(OptionsTest, ASwitchStandsAloneOrHasItsValueBehindAnEqualsSign) {
  for (const char* word : {"--strict-params", "-strict-params", "--strict-params=true",
                           "--strict-params=1", "--strict-params=T"}) {
    EXPECT_TRUE(options({word}).strict_params) << word;
    EXPECT_EQ(options({word, "--queue=3"}).queue, 3) << word;
  }
  for (const char* word : {"--strict-params=false", "--strict-params=0", "--strict-params=F"}) {
    EXPECT_FALSE(options({"--strict-params", word}).strict_params) << word;
  }
  expect_wrong({"--strict-params", "false"}, "unexpected argument \"false\"");
  expect_wrong({"--strict-params=no"}, R"(--strict-params: must be true or false, not "no")");
  expect_wrong({"--presets-only="}, R"(--presets-only: must be true or false, not "")");
}

TEST_F(OptionsTest, PresetsOnlyNeedsPresets) {
  expect_wrong({"--presets-only"}, "--presets-only: needs --presets");
  expect_wrong({"--presets=" + kFile, "--presets-only", "--presets="},
               "--presets-only: needs --presets");
  EXPECT_FALSE(options({"--presets-only", "--presets-only=false"}).presets_only);
  EXPECT_TRUE(options({"--presets-only", "--presets=" + kFile}).presets_only);
}

TEST_F(OptionsTest, UntrustedFormatsAreAList) {
  EXPECT_EQ(options({"--untrusted-formats=pdf,,svg,pdf"}).untrusted_formats,
            (UntrustedFormats{.svg = true, .pdf = true}));
  EXPECT_EQ(options({"--untrusted-formats=pdf", "--untrusted-formats="}).untrusted_formats,
            UntrustedFormats());
  for (const std::string list : {"all", "svg, pdf", "SVG", "svg;pdf", "heic"}) {
    expect_wrong({"--untrusted-formats=" + list},
                 "--untrusted-formats: must be a list of svg, pdf and jxl, separated by commas, "
                 "not \"" +
                     list + '"');
  }
}

TEST_F(OptionsTest, MegapixelsMayBeDecimals) {
  EXPECT_EQ(options({"--avif-auto-max-mp=0"}).avif_auto_max_mp, 0);
  EXPECT_EQ(options({"--avif-auto-max-mp", "40.0"}).avif_auto_max_mp, 40);
  for (const std::string number : {"-0.1", "40.1", "x", "", "nan", "2MP"}) {
    expect_wrong({"--avif-auto-max-mp=" + number},
                 "--avif-auto-max-mp: must be between 0 and 40, not \"" + number + '"');
  }
}

TEST_F(OptionsTest, TheListOfNodesComesFromOnePlace) {
  EXPECT_EQ(options({}).peers_from(), PeersFrom::kFlag);
  EXPECT_EQ(options({"--groupcache-peers=:1"}).peers_from(), PeersFrom::kFlag);
  EXPECT_EQ(options({"--groupcache-peers-file=" + kFile}).peers_from(), PeersFrom::kFile);
  EXPECT_EQ(options({"--groupcache-peers-dns=a:1"}).peers_from(), PeersFrom::kDns);
  EXPECT_EQ(options({"--groupcache-peers-etcd=http://a:1"}).peers_from(), PeersFrom::kEtcd);
  expect_wrong({"--groupcache-peers=:1", "--groupcache-peers-file=" + kFile},
               "--groupcache-peers, --groupcache-peers-file, --groupcache-peers-dns and "
               "--groupcache-peers-etcd: only one of them may be given");
}

TEST_F(OptionsTest, FilesMustBeThere) {
  for (const std::string flag : {"--groupcache-peers-file", "--groupcache-secret-file", "--presets",
                                 "--source-header-file", "--source-ca"}) {
    expect_wrong({flag + "=/nowhere"}, flag + R"(: must be a file, not "/nowhere")");
    expect_wrong({flag + "=/"}, flag + R"(: must be a file, not "/")");
  }
}

TEST_F(OptionsTest, ThePrefixInEtcdIsAFolder) {
  for (const std::string prefix : {"", "/", "a/", "/a", "/a b/"}) {
    expect_wrong({"--groupcache-peers-etcd-prefix=" + prefix},
                 "--groupcache-peers-etcd-prefix: must begin and end with /, and hold letters, "
                 "digits, /, -, _ and . only, not \"" +
                     prefix + '"');
  }
}

TEST_F(OptionsTest, OneDashOrTwoAnEqualsSignOrASpace) {
  for (const std::vector<std::string>& words : std::initializer_list<std::vector<std::string>>{
           {"-http=:8081", "-groupcache-peers=:8082,:8083"},
           {"--http=:8081", "--groupcache-peers=:8082,:8083"},
           {"-http", ":8081", "-groupcache-peers", ":8082,:8083"},
           {"--http", ":8081", "--groupcache-peers", ":8082,:8083"}}) {
    const Options parsed = options(words);
    EXPECT_EQ(parsed.http, ":8081");
    EXPECT_THAT(parsed.groupcache_peers, ElementsAre(":8082", ":8083"));
  }
}

TEST_F(OptionsTest, AValueMayLookLikeAFlagOrBeEmpty) {
  EXPECT_EQ(options({"-groupcache", "-1"}).groupcache, -1);
  EXPECT_EQ(options({"-groupcache=-1"}).groupcache, -1);
  EXPECT_EQ(options({"--groupcache", "-1", "--queue", "3"}).queue, 3);
  EXPECT_THAT(options({"--groupcache-peers=", "--queue=3"}).groupcache_peers, IsEmpty());
  EXPECT_THAT(options({"--groupcache-peers", "", "--queue=3"}).groupcache_peers, IsEmpty());
  expect_wrong({"--source", "--help"},
               R"(--source: must be a directory, or a URL of http or https, not "--help")");
}

TEST_F(OptionsTest, TheLastOfARepeatedFlagCounts) {
  EXPECT_EQ(options({"--queue=1", "-queue", "2", "--workers=9", "-queue=3"}).queue, 3);
}

TEST_F(OptionsTest, TwoDashesEndTheFlags) {
  EXPECT_EQ(options({"--queue=3", "--"}).queue, 3);
  expect_wrong({"--", "--queue=3"}, R"(unexpected argument "--queue=3")");
}

TEST_F(OptionsTest, PeersAreListedOnceAndWithoutThisNode) {
  EXPECT_THAT(options({"-http=:1", "-groupcache-peers=,:2,,:1,:3,:2,"}).groupcache_peers,
              ElementsAre(":2", ":3"));
  EXPECT_THAT(options({"-groupcache-peers=a:1,b:1,[::1]:1", "-http=:1", "-groupcache-self=a:1"})
                  .groupcache_peers,
              ElementsAre("b:1", "[::1]:1"));
}

TEST_F(OptionsTest, SelfIsTheAddressUnlessGiven) {
  EXPECT_EQ(options({"--http=:1"}).self(), ":1");
  EXPECT_EQ(options({"--http=:1", "--groupcache-self=a:1"}).self(), "a:1");
  EXPECT_EQ(options({"--http=:1", "--groupcache-listen=:2"}).self(), ":2")
      << "peers speak to this one";
}

TEST_F(OptionsTest, AddressesAreChecked) {
  EXPECT_EQ(options({"--http=[::1]:0"}).http, "[::1]:0");
  const std::string rule = "must be :port, host:port or [v6]:port";
  expect_wrong({"--http=8080"}, "--http: " + rule + R"(, not "8080")");
  expect_wrong({"--http="}, "--http: " + rule + R"(, not "")");
  expect_wrong({"--http=:65536"}, "--http: " + rule + R"(, not ":65536")");
  expect_wrong({"--groupcache-self=:0"}, "--groupcache-self: " + rule + R"(, not ":0")");
  for (const std::string list : {":2,x", ":2,:0", ":2, :3", "http://:2"}) {
    expect_wrong(
        {"--groupcache-peers=" + list},
        "--groupcache-peers: must be a list of :port, host:port or [v6]:port, separated by "
        "commas, not \"" +
            list + '"');
  }
}

TEST_F(OptionsTest, ThereAreTwoPolicies) {
  expect_wrong({"--groupcache-policy=fifo"},
               R"(--groupcache-policy: must be lru or s3fifo, not "fifo")");
  expect_wrong({"--sandbox=off"}, R"(--sandbox: must be auto or require, not "off")");
  expect_wrong({"--groupcache-policy="}, R"(--groupcache-policy: must be lru or s3fifo, not "")");
}

TEST_F(OptionsTest, NumbersAreChecked) {
  expect_wrong({"--queue", "x"}, R"(--queue: must be between 0 and 1000000, not "x")");
  expect_wrong({"--queue=1000001"}, R"(--queue: must be between 0 and 1000000, not "1000001")");
  expect_wrong({"--workers=1025"}, R"(--workers: must be between 0 and 1024, not "1025")");
  expect_wrong({"--io-threads=-1"}, R"(--io-threads: must be between 0 and 1024, not "-1")");
  expect_wrong({"--max-connections=-1"},
               R"(--max-connections: must be between 0 and 10000000, not "-1")");
  const std::string bytes =
      "--answer-bytes: must be a number of bytes above 0, such as 536870912 or 512MiB, not ";
  expect_wrong({"--answer-bytes=0"}, bytes + R"("0")");
  expect_wrong({"--answer-bytes=-5MB"}, bytes + R"("-5MB")");
  expect_wrong({"--answer-bytes=much"}, bytes + R"("much")");
  expect_wrong({"--max-age=-1"}, R"(--max-age: must be between 0 and 2147483647, not "-1")");
  expect_wrong(
      {"--groupcache=1XB"},
      R"(--groupcache: must be a number of bytes, such as 134217728 or 128MiB, not "1XB")");
  EXPECT_EQ(options({"--queue=1000000", "--io-threads=1024", "--workers=1024"}).queue, 1'000'000);
}

TEST_F(OptionsTest, TimesAreChecked) {
  const std::string rule = "must be a time above 0 and up to 24h, such as 10s, 500ms or 1m30s";
  expect_wrong({"--timeout=10"}, "--timeout: " + rule + R"(, not "10")");
  expect_wrong({"--timeout="}, "--timeout: " + rule + R"(, not "")");
  expect_wrong({"--peer-timeout=0s"}, "--peer-timeout: " + rule + R"(, not "0s")");
  expect_wrong({"--drain="},
               "--drain: must be a time from 0s up to 24h, such as 5s, 500ms or 1m30s, not \"\"");
}

TEST_F(OptionsTest, WatermarksLieInADirectory) {
  EXPECT_EQ(options({"--watermarks="}).watermarks, "");
  expect_wrong({"--watermarks=/dev/null"},
               R"(--watermarks: must be a directory, or a URL of http or https, not "/dev/null")");
}

TEST_F(OptionsTest, TheSourceIsADirectory) {
  EXPECT_THAT(options({"--source", IMAGESERVER_TESTDATA}).sources,
              ElementsAre(PrefixRule{"/", IMAGESERVER_TESTDATA}));
  expect_wrong(
      {"--source=/nowhere/at/all"},
      R"(--source: must be a directory, or a URL of http or https, not "/nowhere/at/all")");
  expect_wrong({"--source=/dev/null"},
               R"(--source: must be a directory, or a URL of http or https, not "/dev/null")");
  expect_wrong({"--source="},
               R"(--source: must be a directory, or a URL of http or https, not "")");
  expect_wrong({"--source", ""},
               R"(--source: must be a directory, or a URL of http or https, not "")");
}

TEST_F(OptionsTest, ASourceMayHoldForAPrefixAndThereMayBeSeveral) {
  EXPECT_THAT(
      options({"--source=/photos=/", "--source", "/a/b/=/tmp", "--source=/=/"}).sources,
      ElementsAre(PrefixRule{"/photos", "/"}, PrefixRule{"/a/b", "/tmp"}, PrefixRule{"/", "/"}));
  expect_wrong({"--source=/a=/", "--source=/a/=/tmp"},
               R"(--source: must name each prefix once, not "/a/=/tmp")");
  expect_wrong({"--source=/", "--source=/=/tmp"},
               R"(--source: must name each prefix once, not "/=/tmp")");
  expect_wrong(
      {"--source=/a=/nowhere/at/all"},
      R"(--source: must be a directory, or a URL of http or https, not "/a=/nowhere/at/all")");
  expect_wrong({"--source=/a="},
               R"(--source: must be a directory, or a URL of http or https, not "/a=")");
  for (const std::string prefix : {"//", "/a//b", "/a/../b", "/.", "/a//"}) {
    expect_wrong({"--source=" + prefix + "=/"},
                 "--source: must be DIRECTORY or URL, or /PREFIX=DIRECTORY or /PREFIX=URL, not \"" +
                     prefix + "=/\"");
  }
}

TEST_F(OptionsTest, AFallbackIsThePathOfAnOriginal) {
  EXPECT_THAT(
      options({"--fallback=/none.png", "--fallback=/people=/people/nobody.png"}).fallbacks,
      ElementsAre(PrefixRule{"/", "/none.png"}, PrefixRule{"/people", "/people/nobody.png"}));
  for (const std::string value : {"none.png", "/", "/a/../b", "//a", "/a=", "/a=b", "/..=/a"}) {
    expect_wrong(
        {"--fallback=" + value},
        "--fallback: must be /PATH or /PREFIX=/PATH, of an original, not \"" + value + '"');
  }
  expect_wrong({"--fallback=/a", "--fallback=/=/b"},
               R"(--fallback: must name each prefix once, not "/=/b")");
  EXPECT_EQ(options({"--fallback-status=200"}).fallback_status, 200);
  expect_wrong({"--fallback-status=410"}, R"(--fallback-status: must be 404 or 200, not "410")");
}

TEST_F(OptionsTest, LogLevelsAreAClosedSet) {
  expect_wrong({"--log-level=loud"},
               "--log-level: must be one of trace, debug, info, warning, error, critical, off, not "
               "\"loud\"");
}

TEST_F(OptionsTest, AnUnknownFlagIsNamed) {
  expect_wrong({"--nope"}, "--nope: no such flag");
  expect_wrong({"-nope=3"}, "--nope: no such flag");
  expect_wrong({"---queue=3"}, "---queue: no such flag");
  expect_wrong({"-=3"}, "--: no such flag");
  expect_wrong({"-q3"}, "--q3: no such flag");
  expect_wrong({"--queu=3"}, "--queu: no such flag");
  for (const std::string word : {"serve", "", "-", "++", "{}"}) {
    expect_wrong({"--queue=3", word}, "unexpected argument \"" + word + '"');
  }
}

TEST_F(OptionsTest, AMissingValueIsNamed) {
  expect_wrong({"--queue"}, "--queue: needs a value");
  expect_wrong({"-workers", "1", "-queue"}, "--queue: needs a value");
}

TEST_F(OptionsTest, AnErrorIsOneLineWhateverWasTyped) {
  expect_wrong({"--queue=a\nb\x7f"}, R"(--queue: must be between 0 and 1000000, not "a?b?")");
  expect_wrong({"a\nb"}, R"(unexpected argument "a?b")");
  EXPECT_LT(early_exit({"--queue=" + std::string(100'000, 'x')}).text.size(), 400U);
}

TEST_F(OptionsTest, ValuesReachTheOptionsUnchanged) {
  expect_wrong({"--source=[a,b]"},
               R"(--source: must be a directory, or a URL of http or https, not "[a,b]")");
  expect_wrong({"--source={}"},
               R"(--source: must be a directory, or a URL of http or https, not "{}")");
  expect_wrong({"--source=\"a\""},
               R"(--source: must be a directory, or a URL of http or https, not "?a?")");
  expect_wrong({"--source='a'"},
               R"(--source: must be a directory, or a URL of http or https, not "'a'")");
}

TEST_F(OptionsTest, VersionIsOneLine) {
  for (const char* word : {"--version", "-version"}) {
    const EarlyExit exit = early_exit({word});
    EXPECT_EQ(exit.code, 0);
    EXPECT_EQ(exit.text, "imageserver " IMAGESERVER_VERSION "\n");
  }
  expect_wrong({"--version=1"}, "--version: takes no value");
}

TEST_F(OptionsTest, HelpListsEveryFlagWithItsDefault) {
  for (const char* word : {"--help", "-help", "-h", "--h"}) {
    const EarlyExit exit = early_exit({"--queue=3", word});
    EXPECT_EQ(exit.code, 0);
    for (const Flag& flag : flags()) {
      const std::string shown(flag.default_value.empty() ? flag.default_words : flag.default_value);
      EXPECT_THAT(exit.text,
                  HasSubstr("\n  --" + std::string(flag.name) + " (default: " + shown + ")\n"));
    }
    EXPECT_THAT(exit.text, HasSubstr("\n  --version\n"));
    EXPECT_TRUE(exit.text.ends_with('\n'));
  }
}

}  // namespace
}  // namespace imageserver
