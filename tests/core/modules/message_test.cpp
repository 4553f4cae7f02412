// Messages between the program and a contained module, as either side may send them.

#include "core/modules/message.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_messages.hpp"
#include "core/modules/message_socket.hpp"
#include "tests/core/modules/stub_module.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rcb {
namespace {

using test::text;
using Fault = MessageFault::Kind;

// "fault N" as the test prints it.
MATCHER_P(throwsFault, kind, "throws this fault") {
  try {
    arg();
  } catch (const MessageFault& fault) {
    return fault.kind() == kind;
  }
  return false;
}

MessageReader readerOf(const MessageWriter& message) { return MessageReader(Secret(message.bytes())); }

TEST(Message, IsReadAsItWasWritten) {
  MessageWriter message(MessageKind::kService);
  message.number(std::int64_t{-7});
  message.flag(true);
  message.string(std::string_view("a\0b", 3));
  message.text(text("text"));
  message.text(rcb_text{});
  MessageReader reader = readerOf(message);
  EXPECT_EQ(reader.kind(), MessageKind::kService);
  EXPECT_EQ(reader.number<std::int64_t>(), -7);
  EXPECT_TRUE(reader.flag());
  EXPECT_EQ(reader.string(), std::string_view("a\0b", 3));
  EXPECT_EQ(view(reader.text()), "text");
  EXPECT_EQ(reader.text().size, 0u);
  reader.end();
}

TEST(Message, HasStringsThatMayNotBeReadOnlyAsTheirSize) {
  MessageWriter message(MessageKind::kService);
  message.text({nullptr, 5});
  message.text({"x", kArgumentLimit + 1});
  EXPECT_LT(message.bytes().size(), 100u);
  MessageReader reader = readerOf(message);
  const rcb_text null = reader.text();
  EXPECT_EQ(null.data, nullptr);
  EXPECT_EQ(null.size, 5u);
  const rcb_text tooLong = reader.text();
  EXPECT_NE(tooLong.data, nullptr);
  EXPECT_EQ(tooLong.size, kArgumentLimit + 1);
}

TEST(Message, IsRefusedAtEveryPlaceWhereItIsCutOff) {
  MessageWriter message(MessageKind::kService);
  message.number(std::uint32_t{1});
  message.flag(false);
  message.string("string");
  message.text(text("text"));
  const std::string whole(message.bytes());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(
        [&] {
          MessageReader reader(Secret(whole.substr(0, size)));
          reader.number<std::uint32_t>();
          reader.flag();
          reader.string();
          reader.text();
        },
        throwsFault(Fault::kMalformed))
        << size;
  }
}

TEST(Message, IsRefusedIfThereIsMoreThanExpected) {
  MessageWriter message(MessageKind::kService);
  message.flag(true);
  EXPECT_THAT([&] { readerOf(message).end(); }, throwsFault(Fault::kMalformed));
}

TEST(Message, IsRefusedWithAFlagOrAStringOfAnUnknownForm) {
  MessageWriter message(MessageKind::kService);
  message.number(std::uint8_t{2});
  message.number(std::uint64_t{1});
  EXPECT_THAT([&] { readerOf(message).flag(); }, throwsFault(Fault::kMalformed));
  for (const std::uint8_t form : {std::uint8_t{4}, std::uint8_t{255}}) {
    MessageWriter unknown(MessageKind::kService);
    unknown.number(form);
    unknown.number(std::uint64_t{0});
    EXPECT_THAT([&] { readerOf(unknown).text(); }, throwsFault(Fault::kMalformed));
  }
}

TEST(Message, IsRefusedIfANullOrALongStringIsNeither) {
  for (const auto& [form, size] : {std::pair{std::uint8_t{1}, std::uint64_t{0}}, {std::uint8_t{2}, std::uint64_t{5}}}) {
    MessageWriter message(MessageKind::kService);
    message.number(form);
    message.number(size);
    EXPECT_THAT([&] { readerOf(message).text(); }, throwsFault(Fault::kMalformed));
  }
}

// --- Strings that were lent ---

// What a module has borrowed of these.
struct Loan {
  explicit Loan(const std::vector<std::string>& strings) {
    MessageWriter message(MessageKind::kProvide);
    for (const std::string& string : strings) lent.lend(message, string);
    MessageReader read = readerOf(message);
    for (std::size_t i = 0; i < strings.size(); ++i) borrowed.push_back(side.borrow(read));
  }
  // The module passes this string, and the program reads it.
  std::string_view passed(rcb_text string) {
    MessageWriter message(MessageKind::kService);
    side.write(message, string);
    reader = std::make_unique<MessageReader>(readerOf(message));
    return view(reader->text([this](LentPlace place, std::uint64_t size) { return lent.at(place, size); }));
  }

  LentStrings lent;
  BorrowedStrings side;
  std::vector<std::string_view> borrowed;
  std::unique_ptr<MessageReader> reader;
};

TEST(LentStrings, AreTheProgramsOwnWhenTheyComeBack) {
  const std::vector<std::string> strings = {"first string", "", "second string"};
  Loan loan(strings);
  for (std::size_t i = 0; i < strings.size(); ++i) {
    EXPECT_EQ(loan.passed(raw(loan.borrowed[i])).data(), strings[i].data());
    EXPECT_EQ(loan.passed(raw(loan.borrowed[i])), strings[i]);
  }
  const std::string_view part = loan.passed(raw(loan.borrowed[2].substr(7, 3)));
  EXPECT_EQ(part, "str");
  EXPECT_EQ(part.data(), strings[2].data() + 7);
}

TEST(LentStrings, AreNotWhatTheModuleHasWrittenIntoItsCopy) {
  const std::vector<std::string> strings = {"as it was"};
  Loan loan(strings);
  const_cast<char&>(loan.borrowed[0][0]) = 'X';
  EXPECT_EQ(loan.passed(raw(loan.borrowed[0])), "as it was");
}

TEST(LentStrings, AreToldFromTheModulesOwn) {
  const std::vector<std::string> strings = {"lent"};
  Loan loan(strings);
  const std::string own = "lent";
  EXPECT_EQ(loan.passed(raw(own)), "lent");
  EXPECT_NE(loan.passed(raw(own)).data(), strings[0].data());
}

TEST(LentStrings, HaveALimitInNumberAndInSize) {
  LentStrings many;
  MessageWriter message(MessageKind::kResult);
  for (std::size_t i = 0; i < kLentStringsLimit; ++i) many.lend(message, "");
  EXPECT_FALSE(many.isAboveLimit());
  many.lend(message, "");
  EXPECT_TRUE(many.isAboveLimit());
  LentStrings large;
  const std::string megabyte(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 64; ++i) {
    MessageWriter one(MessageKind::kResult);
    large.lend(one, megabyte);
  }
  EXPECT_FALSE(large.isAboveLimit());
  large.lend(message, "x");
  EXPECT_TRUE(large.isAboveLimit());
}

TEST(LentStrings, HaveNoPlaceOutsideOfThem) {
  Loan loan({"string", ""});
  EXPECT_TRUE(loan.lent.at({0, 0}, 6));
  EXPECT_TRUE(loan.lent.at({0, 6}, 0));
  EXPECT_TRUE(loan.lent.at({1, 0}, 0));
  EXPECT_FALSE(loan.lent.at({2, 0}, 0));
  EXPECT_FALSE(loan.lent.at({0, 7}, 0));
  EXPECT_FALSE(loan.lent.at({0, 1}, 6));
  EXPECT_FALSE(loan.lent.at({0, 1}, ~std::uint64_t{0}));
  EXPECT_FALSE(loan.lent.at({0, ~std::uint64_t{0}}, 2));
}

// --- The socket ---

class Sockets : public testing::Test {
 protected:
  Sockets() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    here_.emplace(FileHandle(ends[0]));
    there_ = FileHandle(ends[1]);
  }
  static Deadline soon() { return Deadline::after(std::chrono::milliseconds(100)); }
  void write(std::string_view bytes) const {
    EXPECT_EQ(::write(there_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  template <class Number>
  static std::string bytesOf(Number number) {
    return std::string(reinterpret_cast<const char*>(&number), sizeof number);
  }

  std::optional<MessageSocket> here_;
  FileHandle there_;
};

TEST_F(Sockets, CarryMessagesOfAnySizeUpToTheLimit) {
  MessageSocket there(std::move(there_));
  for (const std::size_t size : {std::size_t{0}, std::size_t{4096}, std::size_t{1} << 20, kMessageLimit - 8}) {
    std::thread sender([&] {
      MessageWriter message(MessageKind::kService);
      message.string(std::string(size, 'x'));
      there.send(message, Deadline::after(std::chrono::seconds(20)));
    });
    MessageReader reader = here_->receive(Deadline::after(std::chrono::seconds(20)));
    EXPECT_EQ(reader.string().size(), size);
    sender.join();
  }
}

TEST_F(Sockets, SendNoLargerMessage) {
  MessageWriter message(MessageKind::kService);
  message.string(std::string(kMessageLimit, 'x'));
  EXPECT_GT(message.size(), kMessageLimit);
  EXPECT_LT(message.bytes().size(), 100u);
  EXPECT_THAT([&] { here_->send(message, soon()); }, throwsFault(Fault::kMalformed));
}

TEST_F(Sockets, TakeAMessageThatComesByteByByte) {
  const std::string bytes = bytesOf(std::uint32_t{5}) + bytesOf(MessageKind::kThrew) + "\1";
  std::thread sender([&] {
    for (const char byte : bytes) write({&byte, 1});
  });
  MessageReader reader = here_->receive(Deadline::after(std::chrono::seconds(20)));
  sender.join();
  EXPECT_EQ(reader.kind(), MessageKind::kThrew);
  EXPECT_TRUE(reader.flag());
}

TEST_F(Sockets, RefuseASizeAboveTheLimitWithoutReadingOn) {
  write(bytesOf(static_cast<std::uint32_t>(kMessageLimit + 1)));
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kMalformed));
}

TEST_F(Sockets, RefuseWhatIsBehindAMessage) {
  write(bytesOf(std::uint32_t{4}) + bytesOf(MessageKind::kThrew) + "x");
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kMalformed));
}

TEST_F(Sockets, RefuseAMessageWithoutAKind) {
  write(bytesOf(std::uint32_t{3}) + "abc");
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kMalformed));
}

TEST_F(Sockets, AreLateWhereAMessageDoesNotComeOrEnd) {
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kLate));
  write(bytesOf(std::uint32_t{100}) + "half");
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kLate));
}

TEST_F(Sockets, AreLateWhereNobodyReads) {
  MessageWriter message(MessageKind::kService);
  message.string(std::string(std::size_t{8} << 20, 'x'));
  EXPECT_THAT([&] { here_->send(message, soon()); }, throwsFault(Fault::kLate));
}

TEST_F(Sockets, AreClosedWhenTheOtherSideIs) {
  ::close(there_.release());
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kClosed));
  EXPECT_THAT([&] { here_->send(MessageWriter(MessageKind::kThrew), soon()); }, throwsFault(Fault::kClosed));
}

TEST_F(Sockets, CarryFilesToAReaderWhoWantsThem) {
  const FileHandle file(::open("/", O_PATH | O_CLOEXEC));
  MessageSocket there(std::move(there_));
  there.send(MessageWriter(MessageKind::kStart), soon(), std::array{file.get(), file.get()});
  std::vector<FileHandle> files;
  here_->receive(soon(), &files);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_NE(files[0].get(), file.get());
  EXPECT_EQ(::fcntl(files[0].get(), F_GETFD), FD_CLOEXEC);
  there.send(MessageWriter(MessageKind::kStart), soon(), std::array{file.get()});
  EXPECT_THAT([&] { here_->receive(soon()); }, throwsFault(Fault::kMalformed)) << "it was not expected";
}

}  // namespace
}  // namespace rcb
