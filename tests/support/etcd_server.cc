#include "support/etcd_server.h"

#include <filesystem>
#include <stdexcept>
#include <vector>

#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver::testing {

void EtcdServer::start() {
  const std::string client = "http://" + client_.address();
  const std::string peer = "http://" + peer_.address();
  process_.emplace(
      std::vector<std::string>{
          IMAGESERVER_ETCD, "--name=one", "--data-dir=data", "--listen-client-urls=" + client,
          "--advertise-client-urls=" + client, "--listen-peer-urls=" + peer,
          "--initial-advertise-peer-urls=" + peer, "--initial-cluster=one=" + peer},
      directory_.path());
  if (!eventually([this] { return is_ready() || !process_->is_running(); }) ||
      !process_->is_running()) {
    throw std::runtime_error("etcd does not start: " + process_->errors());
  }
}

void EtcdServer::forget() { std::filesystem::remove_all(directory_.path() / "data"); }

std::string EtcdServer::post(std::string_view path, std::string_view body) const {
  RawSocket socket = RawSocket::connect(client_.number());
  std::string request = "POST ";
  request.append(path).append(" HTTP/1.1\r\nHost: etcd\r\nConnection: close\r\nContent-Length: ");
  request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  socket.send(request);
  return socket.read_to_end();
}

bool EtcdServer::is_ready() const {
  return process_->errors().find("serving insecure client requests") != std::string::npos;
}

}  // namespace imageserver::testing
