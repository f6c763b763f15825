#include "http/outbox.h"

#include <algorithm>
#include <utility>

namespace imageserver {

void Outbox::add(const Response& response, Persistence persistence, bool with_body) {
  const std::size_t before = heads_.size();
  append_head(heads_, response, persistence);
  Bytes body;
  if (with_body && status_has_body(response.status)) {
    heads_ += response.prefix;
    body = response.body;
  }
  left_ += heads_.size() - before + body.size();
  messages_.push_back({heads_.size(), std::move(body)});
}

void Outbox::add_bytes(std::string_view bytes) {
  heads_ += bytes;
  left_ += bytes.size();
  messages_.push_back({heads_.size(), {}});
}

Outbox::Buffers Outbox::buffers() {
  buffers_.clear();
  std::size_t begin = 0;
  std::size_t skip = dropped_;
  for (const Message& message : messages_) {
    append(std::string_view(heads_).substr(begin, message.heads_end - begin), skip);
    append(message.body.view(), skip);
    begin = message.heads_end;
  }
  return buffers_;
}

// Appends the bytes without the first `skip`, and lowers `skip` by what was left out.
void Outbox::append(std::string_view bytes, std::size_t& skip) {
  const std::size_t skipped = std::min(skip, bytes.size());
  skip -= skipped;
  bytes.remove_prefix(skipped);
  if (!bytes.empty()) buffers_.emplace_back(bytes.data(), bytes.size());
}

void Outbox::drop(std::size_t bytes) {
  dropped_ += bytes;
  left_ -= bytes;
  if (left_ == 0) clear();
}

std::vector<std::string_view> Outbox::bodies() const {
  std::vector<std::string_view> all;
  for (const Message& message : messages_) {
    if (!message.body.empty()) all.push_back(message.body.view());
  }
  return all;
}

void Outbox::clear() {
  heads_.clear();
  if (heads_.capacity() > kKept) heads_ = std::string();
  messages_.clear();
  buffers_.clear();
  left_ = 0;
  dropped_ = 0;
}

}  // namespace imageserver
