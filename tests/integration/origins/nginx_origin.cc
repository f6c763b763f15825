#include "integration/origins/nginx_origin.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "integration/harness/http_client.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr std::string_view kFence = "GET /fence ";

// One process, and all that it writes below its directory: so an ordinary user may run it, too.
constexpr std::string_view kMain = R"(
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  client_body_temp_path temporary;
  proxy_temp_path temporary;
  fastcgi_temp_path temporary;
  uwsgi_temp_path temporary;
  scgi_temp_path temporary;
  default_type application/octet-stream;
  log_format one '$request_method $request_uri $server_protocol $status';
  access_log access.log one;
)";

int fences_in(const std::string& log) {
  int fences = 0;
  for (auto at = log.find(kFence); at != std::string::npos; at = log.find(kFence, at + 1)) ++fences;
  return fences;
}

}  // namespace

NginxOrigin::NginxOrigin(std::optional<Certificate> certificate)
    : certificate_(std::move(certificate)) {
  std::filesystem::create_directory(directory_.path() / "files");
  directory_.write("nginx.conf", configuration());
  start();
}

void NginxOrigin::write(const std::string& name, std::string_view content) const {
  directory_.write(std::filesystem::path("files") / name, content);
}

void NginxOrigin::remove(const std::string& name) const {
  std::filesystem::remove(directory_.path() / "files" / name);
}

std::string NginxOrigin::url(const std::string& host) const {
  return (certificate_ ? "https://" : "http://") + host + ':' + std::to_string(port_.number());
}

// It does one thing after the other: what it has logged of the fence comes behind all else.
std::vector<std::string> NginxOrigin::requests() const {
  const int before = fences_in(access_log());
  static_cast<void>(get(fence_.number(), "/fence"));
  if (!eventually([&] { return fences_in(access_log()) > before; })) {
    throw std::runtime_error("nginx does not log");
  }
  std::vector<std::string> requests;
  std::istringstream lines(access_log());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kFence)) requests.push_back(line);
  }
  return requests;
}

void NginxOrigin::start() {
  process_.emplace(std::vector<std::string>{IMAGESERVER_NGINX, "-p", directory_.path().string(),
                                            "-c", "nginx.conf", "-e", "stderr"});
  const auto answers = [this] {
    return can_connect(port_.number()) && can_connect(fence_.number());
  };
  if (!eventually([&] { return answers() || !process_->is_running(); }) ||
      !process_->is_running()) {
    throw std::runtime_error("nginx does not start: " + process_->errors());
  }
}

std::string NginxOrigin::configuration() const {
  std::string text(kMain);
  text += "server { listen " + fence_.address() + "; return 204; }\n";
  text += "server { listen " + port_.address() + (certificate_ ? " ssl http2" : "") + ";\n";
  if (certificate_) {
    text += "ssl_certificate " + certificate_->chain + ";\n";
    text += "ssl_certificate_key " + certificate_->key + ";\n";
  }
  return text + "root files; } }\n";
}

std::string NginxOrigin::access_log() const {
  std::ifstream file(directory_.path() / "access.log");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace imageserver::testing
