#include "membership/etcd_api.h"

#include <utility>

namespace imageserver {
namespace {

constexpr milliseconds kPatience{2000};
constexpr std::size_t kMaxBody = 1U << 20U;
constexpr unsigned kOk = 200;

Deadline soon() { return Clock::now() + kPatience; }

}  // namespace

EtcdApi::EtcdApi(net::io_context& context, EtcdEndpoints endpoints)
    : client_(context), endpoints_(std::move(endpoints)) {}

Awaitable<Result<Lease>> EtcdApi::grant(std::chrono::seconds time_to_live) {
  std::string request = grant_request(time_to_live);
  const auto body = co_await post("/v3/lease/grant", std::move(request), soon());
  if (body.has_error()) co_return body.error();
  co_return checked(parse_grant(body->view()));
}

Awaitable<Result<std::chrono::seconds>> EtcdApi::keep_alive(LeaseId lease) {
  std::string request = keepalive_request(lease);
  const auto body = co_await post("/v3/lease/keepalive", std::move(request), soon());
  if (body.has_error()) co_return body.error();
  co_return checked(parse_keepalive(body->view()));
}

Awaitable<std::optional<Error>> EtcdApi::put(std::string key, std::string value, LeaseId lease) {
  std::string request = put_request(key, value, lease);
  const auto body = co_await post("/v3/kv/put", std::move(request), soon());
  if (body.has_error()) co_return body.error();
  co_return std::nullopt;
}

Awaitable<Result<std::vector<std::string>>> EtcdApi::range(std::string prefix) {
  std::string request = range_request(prefix);
  const auto body = co_await post("/v3/kv/range", std::move(request), soon());
  if (body.has_error()) co_return body.error();
  co_return checked(parse_range(body->view(), prefix));
}

Awaitable<std::optional<Error>> EtcdApi::revoke(LeaseId lease, Deadline deadline) {
  std::string request = revoke_request(lease);
  const auto body = co_await post("/v3/lease/revoke", std::move(request), deadline);
  if (body.has_error()) co_return body.error();
  co_return std::nullopt;
}

Awaitable<Result<Bytes>> EtcdApi::post(std::string_view target, std::string body,
                                       Deadline deadline) {
  ClientRequest request(endpoints_[endpoint_], std::string(target), kMaxBody, deadline);
  request.fields = "Content-Type: application/json\r\n";
  request.body = std::move(body);
  const auto response = co_await client_.send(std::move(request));
  if (response.has_error()) co_return failure(response.error().message);
  if (response->status != kOk) {
    const std::string status = "status " + std::to_string(response->status) + ' ';
    co_return failure(status + parse_reason(response->body.view()));
  }
  co_return response->body;
}

Error EtcdApi::failure(std::string_view what) const {
  std::string message = "etcd at " + endpoints_[endpoint_] + ": ";
  return {ErrorKind::kPeer, message.append(what)};
}

}  // namespace imageserver
