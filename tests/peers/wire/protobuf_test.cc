#include "peers/wire/protobuf.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace imageserver {
namespace {

namespace pb = google::protobuf;

// libprotobuf's idea of the message: GetResponse{bytes value = 1; double minute_qps = 2}.
class Oracle {
 public:
  Oracle() {
    pb::FileDescriptorProto file;
    file.set_name("get_response.proto");
    file.set_syntax("proto2");
    pb::DescriptorProto& message = *file.add_message_type();
    message.set_name("GetResponse");
    add_field(message, "value", 1, pb::FieldDescriptorProto::TYPE_BYTES);
    add_field(message, "minute_qps", 2, pb::FieldDescriptorProto::TYPE_DOUBLE);
    type_ = pool_.BuildFile(file)->message_type(0);
    prototype_ = factory_.GetPrototype(type_);
  }

  [[nodiscard]] std::unique_ptr<pb::Message> new_message() const {
    return std::unique_ptr<pb::Message>(prototype_->New());
  }

  struct Decoded {
    std::string value;
    double minute_qps = 0;  // 0 where there is none
  };

  // None if libprotobuf cannot parse the bytes.
  [[nodiscard]] std::optional<Decoded> decode(const std::string& bytes) const {
    const auto message = new_message();
    if (!message->ParseFromString(bytes)) return std::nullopt;
    const pb::Reflection* fields = message->GetReflection();
    return Decoded{fields->GetString(*message, value()), fields->GetDouble(*message, minute_qps())};
  }

  [[nodiscard]] const pb::FieldDescriptor* value() const { return type_->FindFieldByNumber(1); }
  [[nodiscard]] const pb::FieldDescriptor* minute_qps() const {
    return type_->FindFieldByNumber(2);
  }

 private:
  static void add_field(pb::DescriptorProto& message, const char* name, int number,
                        pb::FieldDescriptorProto::Type type) {
    pb::FieldDescriptorProto& field = *message.add_field();
    field.set_name(name);
    field.set_number(number);
    field.set_type(type);
    field.set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  }

  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_;
  const pb::Descriptor* type_ = nullptr;
  const pb::Message* prototype_ = nullptr;
};

class Protobuf : public testing::Test {
 protected:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(below(256));
    return bytes;
  }

  // A message with fields we know and fields we do not, as libprotobuf writes it.
  std::string random_message() {
    const auto message = oracle_.new_message();
    const pb::Reflection* fields = message->GetReflection();
    if (below(4) != 0) fields->SetString(message.get(), oracle_.value(), random_bytes(below(300)));
    if (below(2) != 0)
      fields->SetDouble(message.get(), oracle_.minute_qps(), static_cast<double>(below(100)));
    add_unknown(*fields->MutableUnknownFields(message.get()));
    return message->SerializeAsString();
  }

  static void expect_refused(const std::string& message) {
    const Result<GetResponse> response = decode_get_response(message);
    ASSERT_TRUE(response.has_error()) << testing::PrintToString(message);
    EXPECT_EQ(response.error().kind, ErrorKind::kBadRequest);
  }

  static void expect_value(const std::string& message, const std::string& expected) {
    const Result<GetResponse> response = decode_get_response(message);
    ASSERT_TRUE(response.has_value()) << testing::PrintToString(message);
    EXPECT_EQ(response->value, expected);
  }

  // The bits, as any double may come, numbers that are none among them.
  static std::uint64_t bits(double number) { return std::bit_cast<std::uint64_t>(number); }

  Oracle oracle_;

 private:
  void add_unknown(pb::UnknownFieldSet& unknown) {
    for (std::size_t count = below(4); count > 0; --count) {
      const int number = 3 + static_cast<int>(below(536'870'909));
      switch (below(4)) {
        case 0:
          unknown.AddVarint(number, std::uint64_t{random_()} << below(33));
          break;
        case 1:
          unknown.AddFixed32(number, static_cast<std::uint32_t>(random_()));
          break;
        case 2:
          unknown.AddFixed64(number, random_());
          break;
        default:
          unknown.AddLengthDelimited(number, random_bytes(below(200)));
      }
    }
  }

  std::mt19937 random_{42};
};

TEST_F(Protobuf, AnEmptyValueIsTwoBytes) {
  EXPECT_EQ(encode_get_response_prefix(0), std::string("\x0a\0", 2));
}

TEST_F(Protobuf, LibprotobufReadsWhatWeWrite) {
  for (const std::size_t size : {0, 1, 127, 128, 16'383, 16'384, 2'097'151, 2'097'152}) {
    const std::string value = random_bytes(size);
    EXPECT_EQ(oracle_.decode(encode_get_response_prefix(size) + value)->value, value) << size;
    const auto decoded = oracle_.decode(encode_get_response_prefix(size, 0.25) + value);
    EXPECT_EQ(decoded->value, value) << size;
    EXPECT_EQ(decoded->minute_qps, 0.25);
  }
}

TEST_F(Protobuf, WeReadWhatLibprotobufWrites) {
  for (int i = 0; i < 5'000; ++i) {
    const std::string message = random_message();
    const Oracle::Decoded expected = oracle_.decode(message).value();
    expect_value(message, expected.value);
    EXPECT_EQ(decode_get_response(message)->minute_qps.value_or(0), expected.minute_qps);
  }
}

TEST_F(Protobuf, WeReadDamagedMessagesAsLibprotobufDoesOrNotAtAll) {
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string message = random_message() + random_message();
    if (message.empty()) continue;
    message[below(message.size())] = static_cast<char>(below(256));
    message.resize(below(8) == 0 ? below(message.size()) : message.size());
    const Result<GetResponse> response = decode_get_response(message);
    if (!response) continue;
    ++read;
    const auto expected = oracle_.decode(message);
    ASSERT_TRUE(expected.has_value()) << testing::PrintToString(message);
    EXPECT_EQ(response->value, expected->value) << testing::PrintToString(message);
    EXPECT_EQ(bits(response->minute_qps.value_or(0)), bits(expected->minute_qps));
  }
  EXPECT_GT(read, 1'000);
}

TEST_F(Protobuf, TheValueIsAViewIntoTheMessage) {
  const std::string message = encode_get_response_prefix(3) + "abc";
  EXPECT_EQ(decode_get_response(message)->value.data(), message.data() + 2);
}

TEST_F(Protobuf, AnEmptyMessageHoldsAnEmptyValue) { expect_value("", ""); }

TEST_F(Protobuf, TheLastValueCounts) {
  expect_value(std::string("\x0a\x01x\x0a\x02yz", 7), "yz");
  expect_value(std::string("\x0a\x01x\x0a\0", 5), "");
}

TEST_F(Protobuf, TheRateIsThereIfItWasSaid) {
  EXPECT_EQ(decode_get_response(encode_get_response_prefix(0))->minute_qps, std::nullopt);
  EXPECT_EQ(decode_get_response(encode_get_response_prefix(0, 1.5))->minute_qps, 1.5);
  EXPECT_EQ(decode_get_response(encode_get_response_prefix(0, 0.0))->minute_qps, 0.0);
}

TEST_F(Protobuf, FieldsWeDoNotKnowAreSkipped) {
  const std::string varint("\x18\xff\x01", 3);
  const std::string fixed64 =
      "\x21"
      "12345678";
  const std::string bytes = "\x1a\x02zz";
  const std::string fixed32 =
      "\x1d"
      "1234";
  expect_value(varint + fixed64 + "\x0a\x01v" + bytes + fixed32, "v");
}

TEST_F(Protobuf, AValueOfAnotherWireTypeIsNotTheValue) {
  expect_value(std::string("\x08\x05", 2), "");
  expect_value(
      "\x0d"
      "1234",
      "");
}

TEST_F(Protobuf, EveryTruncationInsideAFieldIsRefused) {
  const std::string message = encode_get_response_prefix(200) + std::string(200, 'x');
  for (std::size_t size = 1; size < message.size(); ++size) expect_refused(message.substr(0, size));
  expect_refused(
      "\x11"
      "1234567");
  expect_refused(
      "\x1d"
      "123");
  expect_refused("\x18\xff");
}

TEST_F(Protobuf, WhatIsNoMessageIsRefused) {
  expect_refused(std::string("\0\0", 2));  // field 0
  expect_refused("\x0b\x0c");              // a group
  expect_refused("\x0c");                  // the end of one
  expect_refused("\x0e");                  // wire types 6 and 7 do not exist
  expect_refused("\x0f");
  expect_refused("\x0a\xff\xff\xff\xff\x0f");  // a length of 4 GiB
  expect_refused("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  expect_refused("\xff\xff\xff\xff\xff\x01");  // a tag of more than 32 bits
  expect_refused("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

}  // namespace
}  // namespace imageserver
