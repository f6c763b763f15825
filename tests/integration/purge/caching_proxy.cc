#include "integration/purge/caching_proxy.h"

#include <stdexcept>
#include <vector>

#include "support/patience.h"

namespace imageserver::testing {
namespace {

// One process, and all that it writes below its directory: so an ordinary user may run it, too.
std::string nginx_configuration(const std::string& own, const std::string& node) {
  return R"(
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  client_body_temp_path temporary;
  proxy_temp_path temporary;
  fastcgi_temp_path temporary;
  uwsgi_temp_path temporary;
  scgi_temp_path temporary;
  access_log off;
  proxy_cache_path cache keys_zone=pictures:1m;
  server {
    listen )" +
         own + R"(;
    location / {
      proxy_pass http://)" +
         node + R"(;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache pictures;
      proxy_cache_revalidate on;
      add_header X-Node $upstream_status;
    }
  }
}
)";
}

// What is too old is served for a moment while it is asked for anew (grace), and kept for longer to
// be asked about (keep).
std::string varnish_configuration(std::uint16_t node) {
  return R"(
vcl 4.1;
backend node { .host = "127.0.0.1"; .port = ")" +
         std::to_string(node) + R"("; }
sub vcl_backend_response {
  set beresp.grace = 1s;
  set beresp.keep = 1h;
  if (beresp.was_304) {
    set beresp.http.X-Node = "304";
  } else {
    set beresp.http.X-Node = beresp.status;
  }
}
)";
}

}  // namespace

CachingProxy::CachingProxy(Program program, std::uint16_t node) {
  const std::string own = port_.address();
  if (program == Program::kNginx) {
    directory_.write("nginx.conf", nginx_configuration(own, "127.0.0.1:" + std::to_string(node)));
    process_.emplace(std::vector<std::string>{IMAGESERVER_NGINX, "-p", directory_.path().string(),
                                              "-c", "nginx.conf", "-e", "stderr"});
  } else {
    const std::string vcl = directory_.write("node.vcl", varnish_configuration(node)).string();
    process_.emplace(std::vector<std::string>{
        IMAGESERVER_VARNISH, "-F", "-j", "none", "-a", own, "-f", vcl, "-n",
        (directory_.path() / "varnish").string(), "-s", "default,16m", "-T", "none"});
  }
  if (!eventually([&] { return can_connect(port_.number()) || !process_->is_running(); }) ||
      !process_->is_running()) {
    throw std::runtime_error("the proxy does not start: " + process_->errors());
  }
}

Reply CachingProxy::get(std::string_view target) const {
  return testing::get(port_.number(), target);
}

}  // namespace imageserver::testing
