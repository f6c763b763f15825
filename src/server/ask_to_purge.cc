#include "server/ask_to_purge.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "handlers/purge_handler.h"
#include "http/client.h"
#include "peers/signature_gate.h"
#include "peers/wire/body_digest.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"

namespace imageserver {
namespace {

constexpr milliseconds kPatience{30'000};
constexpr std::size_t kMostAnswer = 1U << 20U;

int fail(int code, const std::string& why) {
  say_on_stderr("imageserver: " + why + '\n');
  return code;
}

// As parse_purge_wish() reads it; none for words that say nothing.
std::optional<std::string> wish_in(const std::vector<std::string_view>& words) {
  const bool is_soft = !words.empty() && words.front() == "soft";
  if (words.size() != (is_soft ? 2U : 1U)) return std::nullopt;
  const std::string_view path = words.back();
  if (!path.starts_with('/')) return std::nullopt;
  // With an id a request that somebody repeats is the same purge.
  nlohmann::json wish = {{"soft", is_soft}, {"id", NonceStream().next()}};
  if (path == "/") {
    wish["all"] = true;
  } else {
    wish[path.ends_with('/') ? "prefix" : "source"] = path;
  }
  return wish.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string field(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

// The field by which the server knows who may purge.
Result<std::string> proof(const Options& options, std::string_view body) {
  if (!options.purge_token_file.empty()) {
    const Result<std::string> token = read_secret(options.purge_token_file);
    if (token.has_error())
      return Error{ErrorKind::kInvalidParam, "--purge-token-file: " + token.error().message};
    return field("Authorization", "Bearer " + *token);
  }
  if (options.groupcache_secret_file.empty()) {
    return Error{ErrorKind::kInvalidParam,
                 "purge: needs --purge-token-file or --groupcache-secret-file"};
  }
  const Result<std::string> secret = read_secret(options.groupcache_secret_file);
  if (secret.has_error())
    return Error{ErrorKind::kInvalidParam, "--groupcache-secret-file: " + secret.error().message};
  const std::string digest = body_digest(body);
  const SignedParts parts = {"POST", kPurgePath, digest};
  return field(kSignatureHeader, sign(*secret, parts, seconds_since_1970(), NonceStream().next()));
}

Result<ClientResponse> answer_to(ClientRequest request) {
  net::io_context context{1};
  Client client(context);
  Result<ClientResponse> answer = Error{ErrorKind::kInternal, "not asked"};
  net::co_spawn(context, client.send(std::move(request)),
                [&](const std::exception_ptr& thrown, Result<ClientResponse> response) {
                  if (!thrown) answer = std::move(response);
                  client.close_idle();
                });
  context.run();
  return answer;
}

}  // namespace

int ask_to_purge(const std::vector<std::string_view>& words, const Options& options) {
  std::optional<std::string> body = wish_in(words);
  if (!body) return fail(2, "purge: needs a path as in a URL, with \"soft\" in front or not");
  const Result<std::string> proven = proof(options, *body);
  if (proven.has_error()) return fail(2, proven.error().message);
  const std::string& where =
      options.groupcache_listen.empty() ? options.http : options.groupcache_listen;
  ClientRequest request(where, std::string(kPurgePath), kMostAnswer, Clock::now() + kPatience);
  request.fields = field("Content-Type", "application/json") + *proven;
  request.body = std::move(body);
  const Result<ClientResponse> answer = answer_to(std::move(request));
  if (answer.has_error()) return fail(1, where + ": " + answer.error().message);
  const std::string_view text = answer->body.view();
  const bool is_report = answer->status == 200 || answer->status == 202;
  std::fwrite(text.data(), 1, text.size(), is_report ? stdout : stderr);
  if (std::fflush(stdout) != 0) return fail(1, "the answer could not be written");
  return answer->status == 200 ? 0 : 1;
}

}  // namespace imageserver
