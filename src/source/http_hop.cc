#include "source/http_hop.h"

#include <sys/socket.h>

#include <array>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "http/date.h"
#include "source/body_buffer.h"
#include "source/socket_address.h"

namespace imageserver {
namespace {

using End = HopAnswer::End;

constexpr std::size_t kMostHeadBytes = 64U << 10U;

// Of one field. libcurl goes through the whole head for each.
constexpr std::size_t kMostLines = 32;

// Of a body that is not kept. To read it is cheaper than another connection, up to here.
constexpr std::size_t kMostUnused = 64U << 10U;

constexpr long kBufferBytes = 64L << 10;
constexpr long kDnsSeconds = 5;
constexpr std::string_view kUserAgent = "imageserver";

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

List list_of(const std::vector<std::string>& lines) {
  List list;
  for (const std::string& line : lines) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

std::optional<std::string> header(CURL* easy, const char* name, std::size_t line) {
  curl_header* found = nullptr;
  const CURLHcode code = curl_easy_header(easy, name, line, CURLH_HEADER, -1, &found);
  return code == CURLHE_OK ? std::optional<std::string>(found->value) : std::nullopt;
}

// The value of the first line; empty if there is none.
std::string header(CURL* easy, const char* name) { return header(easy, name, 0).value_or(""); }

// Those of all lines.
std::vector<std::string> headers(CURL* easy, const char* name) {
  std::vector<std::string> values;
  while (values.size() < kMostLines) {
    std::optional<std::string> value = header(easy, name, values.size());
    if (!value) break;
    values.push_back(*std::move(value));
  }
  return values;
}

OriginFreshness freshness_of(CURL* easy) {
  const FreshnessFields fields{.cache_control = headers(easy, "Cache-Control"),
                               .expires = headers(easy, "Expires"),
                               .date = headers(easy, "Date"),
                               .age = headers(easy, "Age")};
  return origin_freshness(fields, seconds_since_1970());
}

long status_of(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// libcurl would undo other codings without being asked to, layer by layer, and a few kilobytes can
// be gigabytes.
bool is_plain_transfer(std::string_view line) {
  const auto [name, value] = cut(line, ':');
  return !same_word(name, "transfer-encoding") || same_word(trimmed(value, " \t\r\n"), "chunked");
}

// It is kept for as long as the original is known, and sent back.
std::string validator(CURL* easy, const char* name) {
  constexpr std::size_t kMost = 256;
  std::string value = header(easy, name);
  return value.size() <= kMost ? value : "";
}

// Not what may be changed again without another time, as that knows whole seconds (RFC 9110,
// 8.8.2.2).
std::string last_modified(CURL* easy) {
  constexpr std::time_t kLeastAge = 2;
  std::string value = validator(easy, "Last-Modified");
  const std::time_t now = std::time(nullptr);
  const auto changed = parse_http_date(value, now);
  const auto answered = parse_http_date(header(easy, "Date"), now);
  const bool is_settled = changed && answered.value_or(now) - *changed >= kLeastAge;
  return is_settled ? value : "";
}

bool is_tls_trouble(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return true;
    default:
      return false;
  }
}

}  // namespace

class HttpHop::Transfer {
 public:
  Transfer(CurlLoop& loop, const HttpTerms& terms, HopRequest request,
           std::function<void(HopAnswer)> done)
      : loop_(loop),
        terms_(terms),
        request_(std::move(request)),
        done_(std::move(done)),
        fields_(list_of(request_.fields)),
        easy_(curl_easy_init()),
        body_(terms.most_bytes, terms.budget) {
    if (!easy_) throw std::bad_alloc();
    set_request();
    set_limits();
    set_trust();
    set_callbacks();
    loop_.add(easy_.get(), [this](CURLcode code) { end(code); });
  }

  ~Transfer() { loop_.remove(easy_.get()); }

  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] bool has_begun() const { return head_bytes_ > 0; }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  }

  void set_request() {
    set(CURLOPT_URL, request_.url.text().c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_HTTPHEADER, fields_.get());
    set(CURLOPT_USERAGENT, kUserAgent.data());
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Those who come together share a connection if the origin speaks HTTP/2.
    set(CURLOPT_PIPEWAIT, request_.url.scheme == "https" ? 1L : 0L);
    // Another server's redirect must not make use of a connection that was allowed as the
    // operator's own.
    set(CURLOPT_FRESH_CONNECT, request_.is_own && !request_.is_second_try ? 0L : 1L);
    set(CURLOPT_FORBID_REUSE, request_.is_own ? 0L : 1L);
  }

  void set_limits() {
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(terms_.connect.count()));
    set(CURLOPT_BUFFERSIZE, kBufferBytes);
    set(CURLOPT_DNS_CACHE_TIMEOUT, kDnsSeconds);
    set(CURLOPT_NOSIGNAL, 1L);
    // A resolver that is stuck holds up nobody: its thread is left to itself.
    set(CURLOPT_QUICK_EXIT, 1L);
  }

  void set_trust() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");  // none, whatever the environment says
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // The folder of the system's certificates would count beside any file, and be read for each
    // connection.
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    if (!terms_.ca_file.empty()) set(CURLOPT_CAINFO, terms_.ca_file.c_str());
  }

  void set_callbacks() {
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::take_head);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(CURLOPT_WRITEDATA, this);
  }

  static curl_socket_t open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* to) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const auto address = ip_address(to->addr);
    if (!address || !transfer.may_dial(*address)) return CURL_SOCKET_BAD;
    transfer.dialled_ = true;
    const int made = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    if (made < 0) transfer.shortage_ = true;
    return made;
  }

  [[nodiscard]] bool may_dial(const net::ip::address& address) {
    if (terms_.addresses.may_dial(address, request_.url.host, request_.is_own)) return true;
    forbidden_ = address;
    return false;
  }

  // Anything but all of the bytes ends the transfer.
  static std::size_t take_head(char* bytes, std::size_t /*one*/, std::size_t size, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    transfer.head_bytes_ += size;
    const std::string_view line(bytes, size);
    transfer.note_line(line);
    return transfer.head_bytes_ <= kMostHeadBytes && is_plain_transfer(line) ? size : 0;
  }

  // libcurl takes the end of the connection for that of a head. What comes behind a whole one are
  // trailers, or after an interim answer the next head.
  void note_line(std::string_view line) {
    if (line == "\r\n" || line == "\n") head_is_whole_ = true;
    if (line.starts_with("HTTP/")) head_is_whole_ = false;
  }

  static std::size_t take_body(char* bytes, std::size_t /*one*/, std::size_t size, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    return transfer.takes(std::string_view(bytes, size)) ? size : 0;
  }

  [[nodiscard]] bool takes(std::string_view bytes) {
    if (status_of(easy_.get()) != 200) {
      unused_ += bytes.size();
      return unused_ <= kMostUnused;
    }
    appended_ = says_too_much() ? BodyBuffer::Append::kTooLarge : body_.append(bytes);
    if (appended_ != BodyBuffer::Append::kDone) return false;
    hash_.update(bytes);
    return true;
  }

  // Whether the answer itself says that its body is too large. CURLOPT_MAXFILESIZE would end
  // answers that are no 200 for it, too.
  [[nodiscard]] bool says_too_much() const {
    curl_off_t length = -1;  // it does not say
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return std::cmp_greater(length, terms_.most_bytes);
  }

  void end(CURLcode code) {
    HopAnswer answer;
    answer.end = end_of(code);
    if (answer.end == End::kAnswered) {
      answer.status = status_of(easy_.get());
      answer.validators = {validator(easy_.get(), "ETag"), last_modified(easy_.get())};
      answer.location = header(easy_.get(), "Location");
      if (answer.status == 200 || answer.status == 304) {
        answer.freshness = freshness_of(easy_.get());
      }
      if (answer.status == 200) {
        answer.body = body_.finish();
        answer.hash = hash_.finish();
      }
    } else {
      answer.reason = reason(code);
    }
    const auto done = std::move(done_);
    done(std::move(answer));
  }

  [[nodiscard]] End end_of(CURLcode code) const {
    if (code == CURLE_OK) return head_is_whole_ ? End::kAnswered : End::kCutOff;
    if (is_tls_trouble(code)) return End::kNotSafe;
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
        if (shortage_) return End::kShortage;
        return forbidden_ && !dialled_ ? End::kForbidden : End::kNotReached;
      case CURLE_OPERATION_TIMEDOUT:
        return End::kConnectLate;
      case CURLE_WRITE_ERROR:
        return end_of_refusal();
      default:  // CURLE_OUT_OF_MEMORY among them: a field of a head that does not end
        return has_begun() ? End::kCutOff : End::kBroken;
    }
  }

  // The transfer was ended by one of our callbacks.
  [[nodiscard]] End end_of_refusal() const {
    if (unused_ > kMostUnused) return End::kAnswered;
    if (appended_ == BodyBuffer::Append::kTooLarge) return End::kTooLarge;
    return appended_ == BodyBuffer::Append::kNoMemory ? End::kNoMemory : End::kCutOff;
  }

  [[nodiscard]] std::string reason(CURLcode code) const {
    if (forbidden_ && !dialled_)
      return "the address " + forbidden_->to_string() + " may not be dialled";
    const std::string_view message(message_.data());
    return std::string(message.empty() ? curl_easy_strerror(code) : message);
  }

  CurlLoop& loop_;
  const HttpTerms& terms_;
  const HopRequest request_;
  std::function<void(HopAnswer)> done_;
  const List fields_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  const Easy easy_;
  BodyBuffer body_;
  Sha256Stream hash_;
  BodyBuffer::Append appended_ = BodyBuffer::Append::kDone;
  std::size_t head_bytes_ = 0;
  bool head_is_whole_ = false;
  std::size_t unused_ = 0;
  std::optional<net::ip::address> forbidden_;  // the last one of those that may not be dialled
  bool dialled_ = false;                       // another one was
  bool shortage_ = false;                      // there was no socket for it
};

HttpHop::HttpHop(CurlLoop& loop, const HttpTerms& terms, HopRequest request,
                 std::function<void(HopAnswer)> done)
    : transfer_(std::make_unique<Transfer>(loop, terms, std::move(request), std::move(done))) {}

HttpHop::~HttpHop() = default;

bool HttpHop::has_begun() const { return transfer_->has_begun(); }

}  // namespace imageserver
