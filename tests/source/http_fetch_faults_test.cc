// What becomes of fetches when the origin, or the way to it, fails.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>

#include "base/breaker.h"
#include "source/fetch_test.h"

namespace imageserver {
namespace {

using testing::answer;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::original;

// An address that leads to where a test says.
constexpr const char* kPlace = "127.0.0.9";
constexpr const char* kUrl = "http://127.0.0.9/a.jpg";

constexpr std::uint16_t kNobody = 1;  // a port where nobody listens

class HttpFetchFaultsTest : public testing::FetchTest {
 protected:
  HttpFetchFaultsTest() { dialling_.lead(kPlace, 80, origin_.port()); }

  [[nodiscard]] int dialled() const { return dialling_.count(kPlace, 80); }

  // Says nothing until the connection ends.
  static void be_silent(RawSocket& connection) { EXPECT_TRUE(connection.ended()); }

  // Sends a byte every now and then, as long as anybody takes them.
  static void drip(RawSocket& connection) {
    while (connection.send("x")) std::this_thread::sleep_for(milliseconds(20));
  }
};

TEST_F(HttpFetchFaultsTest, AConnectionThatEndsBeforeAByteIsTriedOnceMore) {
  std::atomic<int> nth = 0;
  origin_.on("/a.jpg", [&nth](RawSocket& connection) {
    ++nth == 1 ? connection.hang_up() : static_cast<void>(connection.send(original("a picture")));
  });
  EXPECT_EQ(content(kUrl), "a picture");
  EXPECT_EQ(origin_.asked(), 2U);
}

TEST_F(HttpFetchFaultsTest, AConnectionThatEndsBeforeAByteTwiceIsTheOriginsFault) {
  origin_.on("/a.jpg", [](RawSocket& connection) { connection.hang_up(); });
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 2U);
}

TEST_F(HttpFetchFaultsTest, AConnectionThatIsResetIsTriedOnceMore) {
  origin_.on("/a.jpg", [](RawSocket& connection) { connection.reset(); });
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  EXPECT_EQ(origin_.asked(), 2U);
}

TEST_F(HttpFetchFaultsTest, AnAnswerThatIsCutOffIsNotAskedForAgain) {
  for (const std::string part : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nX-Field: 1\r\n",
                                 "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"}) {
    origin_.on("/a.jpg", [part](RawSocket& connection) {
      connection.send(part);
      connection.hang_up();
    });
    const std::size_t before = origin_.asked();
    EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin) << part;
    EXPECT_EQ(origin_.asked(), before + 1) << part;
  }
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content(kUrl), "a picture") << "the server is there, and is asked on";
}

TEST_F(HttpFetchFaultsTest, ASilentOriginIsLate) {
  terms_.first_byte = milliseconds(200);
  origin_.on("/a.jpg", be_silent);
  EXPECT_EQ(content(kUrl), "the server of the original takes too long");
  EXPECT_EQ(failure(kUrl), ErrorKind::kOriginLate);
}

TEST_F(HttpFetchFaultsTest, ADrippingOriginIsLate) {
  terms_.first_byte = milliseconds(200);
  terms_.whole = milliseconds(600);
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    drip(connection);
  });
  EXPECT_EQ(failure(kUrl), ErrorKind::kOriginLate);
  EXPECT_TRUE(testing::soon([&] { return origin_.open() == 0; })) << "the connection is left";
}

TEST_F(HttpFetchFaultsTest, AnOriginThatHasBegunIsGivenTheTimeForAllOfIt) {
  terms_.first_byte = milliseconds(1'000);
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na ");
    std::this_thread::sleep_for(milliseconds(1'500));
    connection.send("picture");
  });
  EXPECT_EQ(content(kUrl), "a picture");
}

TEST_F(HttpFetchFaultsTest, RedirectsTakeFromTheTimeForAllOfIt) {
  terms_.whole = milliseconds(300);
  origin_.on("/a.jpg", [](RawSocket& connection) {
    std::this_thread::sleep_for(milliseconds(200));
    connection.send(answer("302 Found", "Location: /a.jpg\r\n", ""));
  });
  EXPECT_EQ(failure(kUrl), ErrorKind::kOriginLate);
}

// The thread was busy with something else, and both are there when it looks.
TEST_F(HttpFetchFaultsTest, ARedirectThatComesTogetherWithTheEndOfTheTimeIsFollowed) {
  terms_.first_byte = milliseconds(500);
  std::promise<void> allowed;
  std::promise<void> answered;
  origin_.on("/a.jpg", [&](RawSocket& connection) {
    testing::awaited(allowed.get_future());
    connection.send(answer("302 Found", "Location: /b.jpg\r\n", ""));
    answered.set_value();
  });
  origin_.on("/b.jpg", original("a picture"));
  const FetchPtr fetch = start(question(kUrl));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  allowed.set_value();
  testing::awaited(answered.get_future());
  std::this_thread::sleep_for(milliseconds(700));
  const auto fetched = end_of(fetch);
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_EQ(fetched->bytes.view(), "a picture");
}

TEST_F(HttpFetchFaultsTest, AnOriginThatDoesNotConnectIsLate) {
  terms_.connect = milliseconds(200);
  RawListener full(0);
  const RawSocket one = RawSocket::connect(full.port());
  dialling_.lead(kPlace, 80, full.port());
  EXPECT_EQ(failure(kUrl), ErrorKind::kOriginLate);
}

TEST_F(HttpFetchFaultsTest, WhereNobodyListensTheNextOneIsRefusedAtOnce) {
  dialling_.lead(kPlace, 80, kNobody);
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  EXPECT_EQ(dialled(), 1);
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  EXPECT_EQ(dialled(), 1) << "it is not even tried";
  EXPECT_THAT(log_.take(), Contains(HasSubstr("the origin http://127.0.0.9 does not answer")));
}

TEST_F(HttpFetchFaultsTest, OtherOriginsAreAskedMeanwhile) {
  dialling_.lead(kPlace, 80, kNobody);
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
}

TEST_F(HttpFetchFaultsTest, AnOriginThatIsThereAgainIsFoundOut) {
  dialling_.lead(kPlace, 80, kNobody);
  EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  dialling_.lead(kPlace, 80, origin_.port());
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_TRUE(runs_until([&] { return content(kUrl) == "a picture"; }));
}

// A firewall may break those of one path, as often as anybody asks for it.
TEST_F(HttpFetchFaultsTest, ConnectionsThatBreakKeepNobodyFromTheOthers) {
  origin_.on("/a.jpg", [](RawSocket& connection) { connection.hang_up(); });
  origin_.on("/b.jpg", original("another"));
  for (int i = 0; i < 2 * Breaker::kStraysInARow; ++i) {
    EXPECT_EQ(failure(kUrl), ErrorKind::kOrigin);
  }
  EXPECT_EQ(content(origin_.url("/b.jpg")), "another");
  EXPECT_EQ(content("http://127.0.0.9/b.jpg"), "another");
}

// Though nobody was there to hear it.
TEST_F(HttpFetchFaultsTest, ClientsThatLeaveLateShowThatAnOriginIsSilent) {
  terms_.connect = milliseconds(100);
  origin_.on("/a.jpg", be_silent);
  for (std::size_t i = 1; i <= Breaker::kStraysInARow; ++i) {
    const FetchPtr fetch = start(question(kUrl));
    ASSERT_TRUE(runs_until([&] { return origin_.asked() == i; }));
    const Deadline leaves = Clock::now() + 2 * terms_.connect;
    ASSERT_TRUE(runs_until([&] { return Clock::now() > leaves; }));
    fetch->stop.request_stop();
    EXPECT_EQ(end_of(fetch).error().kind, ErrorKind::kCancelled);
  }
  EXPECT_EQ(failure(kUrl), ErrorKind::kOriginLate);
  EXPECT_EQ(origin_.asked(), std::size_t{Breaker::kStraysInARow}) << "it is not asked again";
}

// The time that passed before they had their turn is not the origin's.
TEST_F(HttpFetchFaultsTest, ThoseWhoHadLittleTimeLeftBlameNobody) {
  terms_.limits.at_once = 1;
  terms_.whole = milliseconds(300);
  terms_.first_byte = milliseconds(200);
  origin_.on("/a.jpg", [](RawSocket& connection) {
    std::this_thread::sleep_for(milliseconds(150));
    connection.send(original("slow"));
  });
  for (int round = 0; round < Breaker::kStraysInARow; ++round) {
    const FetchPtr first = start(question(kUrl));
    const FetchPtr second = start(question(kUrl));
    const FetchPtr third = start(question(kUrl));
    EXPECT_TRUE(end_of(first).has_value());
    static_cast<void>(end_of(second));
    EXPECT_EQ(end_of(third).error().kind, ErrorKind::kOriginLate);
  }
  EXPECT_EQ(content(kUrl), "slow");
}

TEST_F(HttpFetchFaultsTest, TheWaitForATurnTakesFromTheTimeForAllOfIt) {
  terms_.limits.at_once = 1;
  terms_.whole = milliseconds(300);
  origin_.on("/a.jpg", be_silent);
  const FetchPtr first = start(question(kUrl));
  const FetchPtr second = start(question(kUrl));
  EXPECT_EQ(end_of(first).error().kind, ErrorKind::kOriginLate);
  EXPECT_EQ(end_of(second).error().kind, ErrorKind::kOriginLate);
  EXPECT_EQ(origin_.asked(), 1U) << "its turn comes when its time is all but over";
}

TEST_F(HttpFetchFaultsTest, MoreThanMayWaitAreBusy) {
  terms_.limits = {.at_once = 1, .waiting = 2};
  origin_.on("/a.jpg", be_silent);
  const FetchPtr running = start(question(kUrl));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  const FetchPtr one = start(question(kUrl));
  const FetchPtr two = start(question(kUrl));
  EXPECT_EQ(failure(kUrl), ErrorKind::kBusy);
  EXPECT_FALSE(one->result || two->result);
}

TEST_F(HttpFetchFaultsTest, ANameThatNobodyKnowsIsTheOriginsFault) {
  dialling_.name("origin.example", {"there is no such address"});
  EXPECT_EQ(failure("http://origin.example/a.jpg"), ErrorKind::kOrigin);
}

TEST_F(HttpFetchFaultsTest, APrivateAddressIsDialledForThoseAloneThatMayHaveOne) {
  dialling_.name("inside.example", {"10.0.0.1"});
  dialling_.name("cloud.example", {"169.254.169.254"});
  for (const char* const host :
       {"10.0.0.1", "inside.example", "169.254.169.254", "cloud.example"}) {
    EXPECT_EQ(failure("http://" + std::string(host) + "/a.jpg"), ErrorKind::kOrigin) << host;
  }
  EXPECT_EQ(dialling_.count("10.0.0.1", 80), 0);
  EXPECT_EQ(dialling_.count("169.254.169.254", 80), 0);
}

// It is not the origin that is at fault.
TEST_F(HttpFetchFaultsTest, APlaceThatMayNotBeDialledIsNamedEachTime) {
  const std::string line =
      "warning fetching http://10.0.0.1/a.jpg: the address 10.0.0.1 may not be dialled";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(failure("http://10.0.0.1/a.jpg"), ErrorKind::kOrigin);
    EXPECT_THAT(log_.take(), ElementsAre(line));
  }
}

TEST_F(HttpFetchFaultsTest, AMetadataAddressIsNeverDialled) {
  terms_.addresses = AddressRules::parse("0.0.0.0/0,cloud.example").value();
  dialling_.name("cloud.example", {"169.254.169.254"});
  EXPECT_EQ(failure("http://169.254.169.254/a.jpg"), ErrorKind::kOrigin);
  EXPECT_EQ(failure("http://cloud.example/a.jpg"), ErrorKind::kOrigin);
  EXPECT_EQ(dialling_.count("169.254.169.254", 80), 0);
}

TEST_F(HttpFetchFaultsTest, OfSeveralAddressesThoseAreDialledThatMayBe) {
  dialling_.name("origin.example", {"10.0.0.1", kPlace});
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content("http://origin.example/a.jpg"), "a picture");
  EXPECT_EQ(dialling_.count("10.0.0.1", 80), 0);
}

TEST_F(HttpFetchFaultsTest, ANameThatIsPublicAtFirstAndPrivateLaterIsNotDialledLater) {
  dialling_.lead("93.184.216.34", 80, origin_.port());
  dialling_.name("origin.example", {"93.184.216.34"});
  origin_.on("/a.jpg", original("a picture"));
  EXPECT_EQ(content("http://origin.example/a.jpg"), "a picture");
  end_fetches();  // so that nobody knows the address any more
  dialling_.name("origin.example", {"10.0.0.1"});
  EXPECT_EQ(failure("http://origin.example/a.jpg"), ErrorKind::kOrigin);
  EXPECT_EQ(dialling_.count("10.0.0.1", 80), 0);
}

// What this process lacks is no fault of the origin's.
TEST_F(HttpFetchFaultsTest, WithoutDescriptorsItIsBusyAndTheOriginIsAskedOn) {
  origin_.on("/a.jpg", original("a picture"));
  fetcher();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto refused = failure(kUrl);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(refused, ErrorKind::kBusy);
  EXPECT_EQ(content(kUrl), "a picture");
}

TEST_F(HttpFetchFaultsTest, AServerThatSpeaksNoTlsIsNotSafe) {
  RawListener plain;
  const std::jthread server([&plain] {
    RawSocket connection = plain.accept();
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.end_sending();
    connection.read_to_end();
  });
  EXPECT_EQ(failure("https://127.0.0.1:" + std::to_string(plain.port()) + "/a.jpg"),
            ErrorKind::kOrigin);
}

TEST_F(HttpFetchFaultsTest, ADeadlineOfTheAskerHoldsAsWell) {
  origin_.on("/a.jpg", be_silent);
  HttpQuestion asked = question(kUrl);
  asked.deadline = Clock::now() + milliseconds(200);
  EXPECT_EQ(failure(asked), ErrorKind::kDeadlineExceeded);
  asked.deadline = Clock::now() - milliseconds(1);
  EXPECT_EQ(failure(asked), ErrorKind::kDeadlineExceeded) << "it has passed already";
}

}  // namespace
}  // namespace imageserver
