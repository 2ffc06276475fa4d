// SPDX-License-Identifier: GPL-3.0-or-later
// Archives and pickles that nobody would write in good faith.
#include "engine/io/salvage.h"
#include "engine/io/tensor_source.h"
#include "tests/io/zip_bytes.h"
#include "tests/support/cpu_clock.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace mantissa;
using namespace mantissa::test;
using namespace std::string_literals;
using Catch::Contains;

namespace {

std::string text(const std::string& value)
{
    return fmt::format("X{}{}", bytesOf(static_cast<std::uint32_t>(value.size())), value);
}
std::string global(const char* module, const char* name)
{
    return fmt::format("c{}\n{}\n", module, name);
}
std::string number(std::int32_t value)
{
    return fmt::format("J{}", bytesOf(value));
}

/// The persistent id of a storage, as torch writes it.
std::string storage(const std::string& key, std::int32_t elements, const char* type = "FloatStorage")
{
    return fmt::format(
        "({}{}{}{}{}tQ", text("storage"), global("torch", type), text(key), text("cpu"), number(elements));
}

/// A tensor over a storage; `size` and `stride` are pickled sequences.
std::string tensor(
    const std::string& stored, std::int32_t offset, const std::string& size, const std::string& stride)
{
    return global("torch._utils", "_rebuild_tensor_v2") + "(" + stored + number(offset) + size + stride
        + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

std::string sequence(const std::vector<std::int32_t>& values)
{
    std::string result = "(";
    for (const std::int32_t value : values)
        result += number(value);
    return result + "t";
}

const std::string kStart = "\x80\x02";
std::string mapOf(const std::string& value, const std::string& key = "w")
{
    return kStart + "}" + text(key) + value + "s.";
}

std::string archive(const std::string& pickle, std::vector<ZipItem> more = {}, const ZipLies& lies = {})
{
    more.insert(more.begin(), {"a/data.pkl", pickle});
    return zipBytes(more, lies);
}

Error refusal(const std::string& bytes, const char* name = "x.pt")
{
    const TempFolder folder;
    const auto path = folder.write(name, bytes);
    const test::CpuClock clock;
    const auto source = openCheckpoint(path);
    CHECK(clock.elapsed() < std::chrono::seconds(20));
    REQUIRE_FALSE(source);
    CHECK_THAT(source.error().where, Contains(path.string()));
    (void)listDangerousCalls(path); // may fail as well, but must end
    return source.error();
}

std::string invalid(const std::string& bytes)
{
    const Error error = refusal(bytes);
    INFO(error.message);
    CHECK(error.code == ErrorCode::InvalidInput);
    return error.message;
}

std::string invalidPickle(const std::string& pickle)
{
    return invalid(archive(pickle, {{"a/data/0", std::string(16, 'x')}}));
}

const std::string kGood = mapOf(tensor(storage("0", 4), 0, sequence({2, 2}), sequence({2, 1})));
const ZipItem kData{"a/data/0", std::string(16, 'x')};

std::vector<std::string> callsOf(const std::string& bytes)
{
    const TempFolder folder;
    std::vector<std::string> names;
    const auto calls = listDangerousCalls(folder.write("x.pt", bytes));
    REQUIRE(calls);
    for (const PickleCall& call : *calls)
        names.push_back(call.global);
    return names;
}

} // namespace

TEST_CASE("the hand-made archives are good ones to begin with")
{
    const TempFolder folder;
    for (const bool zip64 : {false, true}) {
        const auto path = folder.write(
            "x", archive(kGood, {kData, {"a/byteorder", "little"}}, {.comment = "c", .zip64 = zip64}));
        const auto source = openCheckpoint(path);
        INFO((source ? "" : source.error().message + " " + source.error().where));
        REQUIRE(source);
        REQUIRE((*source)->tensors().size() == 1);
        CHECK((*source)->tensors()[0].shape == Shape{2, 2});
        std::string bytes(16, '\0');
        REQUIRE((*source)->read(0, 0, std::as_writable_bytes(std::span(bytes))));
        CHECK(bytes == kData.data);
        std::filesystem::resize_file(path, 40); // shrinks after it was opened
        CHECK((*source)->read(0, 0, std::as_writable_bytes(std::span(bytes))).error().code
            == ErrorCode::InvalidInput);
    }
}

TEST_CASE("opening a PyTorch file of 24 GB reads only its directory and its pickle")
{
    const TempFolder folder;
    const std::string pickle
        = mapOf(tensor(storage("0", 2'000'000'000), 0, sequence({2'000'000'000}), sequence({1})));
    constexpr std::uint64_t kBytes = 24'000'000'000;
    ZipItem large{"a/data/0", ""};
    const std::string wrong = archive(pickle, {large});
    CHECK_THAT(invalid(wrong), Contains("has 0 bytes, but 8000000000"));
    large.hole = kBytes;
    const std::string id = fmt::format("({}{}{}{}\x8a\x08{}tQ", text("storage"),
        global("torch", "FloatStorage"), text("0"), text("cpu"), bytesOf(kBytes / 4));
    const std::string bytes = archive(
        mapOf(tensor(id, 0, sequence({60'000, 100'000}), sequence({100'000, 1}))), {large}, {.zip64 = true});
    const std::size_t directory = bytes.find("PK\x01\x02");
    const auto path = folder.write("x", bytes.substr(0, directory));
    std::filesystem::resize_file(path, directory + kBytes); // sparse
    std::ofstream(path, std::ios::binary | std::ios::app) << bytes.substr(directory);
    const test::CpuClock clock;
    const auto source = openCheckpoint(path);
    const auto elapsed = clock.elapsed();
    INFO((source ? "" : source.error().message + " " + source.error().where));
    REQUIRE(source);
    CHECK((*source)->totalBytes() == kBytes);
    std::vector<std::byte> last(16);
    CHECK((*source)->read(0, kBytes - 16, last));
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(elapsed < std::chrono::milliseconds(100));
#endif
}

TEST_CASE("damaged and tricky archives are refused")
{
    CHECK_THAT(invalid(archive(kGood, {kData, kData})), Contains("occurs twice"));
    CHECK_THAT(
        invalid(archive(kGood, {{.name = "a/data/0", .data = "x", .offset = 0}})), Contains("overlaps"));
    ZipItem lying{.name = "a/data/1", .data = std::string(16, 'y')};
    lying.centralBytes = lying.centralPacked = lying.localBytes = 100;
    CHECK_THAT(invalid(archive(kGood, {lying})), Contains("lies outside"));
    lying.centralBytes = lying.centralPacked = lying.localBytes = 20;
    CHECK_THAT(invalid(archive(kGood, {lying, kData})), Contains("overlaps"));
    lying = {.name = "a/data/1", .data = "y"};
    lying.centralBytes = 1000;
    CHECK_THAT(invalid(archive(kGood, {kData, lying})), Contains("sizes"));
    CHECK_THAT(invalid(archive(kGood, {{.name = "a/data/0", .data = "x", .localName = "a/data/1"}})),
        Contains("differs"));
    for (const std::string& name : {"../../etc/passwd"s, "/etc/passwd"s, "a\\b"s, "a//b"s, "a/./b"s,
             "a/\x1b[2J"s, "\xff"s, "a\0b"s, ""s}) {
        INFO(name);
        CHECK_THAT(invalid(archive(kGood, {kData, {name, "x"}})), Contains("not a plain path"));
    }
    CHECK_THAT(invalid(archive(kGood, {kData}, {.entries = 1})), Contains("more records"));
    CHECK_THAT(invalid(archive(kGood, {kData}, {.entries = 3})), Contains("record is broken"));
    CHECK_THAT(invalid(archive(kGood, {kData}, {.directoryOffset = 1})), Contains("not where"));
    CHECK_THAT(invalid(archive(kGood, {kData}, {.directoryBytes = 1'000'000})), Contains("not where"));
    CHECK_THAT(invalid(archive(kGood, {kData}, {.afterEnd = "junk"})), Contains("its end"));
    CHECK(refusal(archive(kGood, {{.name = "a/data/0", .data = std::string(16, 'x'), .flags = 1}})).code
        == ErrorCode::Unsupported);
    // A compressed entry, whatever it claims to grow to, is never inflated.
    ZipItem bomb{.name = "a/data/0", .data = "bomb", .method = 8};
    bomb.centralBytes = 0xFFFFFFF0;
    bomb.localBytes = 0;
    const Error error = refusal(archive(kGood, {bomb}));
    CHECK(error.code == ErrorCode::Unsupported);
    CHECK_THAT(error.message, Contains("compressed"));
    CHECK_THAT(invalid(zipBytes({{"readme.txt", "x"}})), Contains("no data.pkl"));
    CHECK_THAT(invalid(archive(kGood, {kData, {"b/data.pkl", kGood}})), Contains("two pickles"));
    CHECK(refusal(archive(kGood, {kData, {"a/byteorder", "big"}})).code == ErrorCode::Unsupported);
    CHECK_THAT(invalid(archive(kGood, {kData, {"a/byteorder", "?"}})), Contains("byte order"));
}

TEST_CASE("storages that are missing or of another size are refused")
{
    CHECK_THAT(invalid(archive(kGood)), Contains("'0' is not in the archive"));
    CHECK_THAT(
        invalid(archive(kGood, {{"a/data/0", std::string(15, 'x')}})), Contains("has 15 bytes, but 16"));
    const auto one = [](const std::string& stored, std::int32_t offset, const std::vector<std::int32_t>& size,
                         const std::vector<std::int32_t>& stride) {
        return invalidPickle(mapOf(tensor(stored, offset, sequence(size), sequence(stride))));
    };
    CHECK_THAT(one(storage("0", 4), 1, {4}, {1}), Contains("beyond its storage"));
    CHECK_THAT(one(storage("0", 4), 5, {0}, {1}), Contains("beyond its storage"));
    CHECK_THAT(one(storage("0", 4), 4, {1}, {1}), Contains("beyond its storage"));
    CHECK_THAT(one(storage("0", 4), 0, {2, 2}, {3, 1}), Contains("beyond its storage"));
    CHECK_THAT(one(storage("0", 4), -1, {1}, {1}), Contains("offset"));
    CHECK_THAT(one(storage("0", 4), 0, {-1}, {1}), Contains("make no sense"));
    CHECK_THAT(one(storage("0", 4), 0, {1}, {-1}), Contains("make no sense"));
    CHECK_THAT(one(storage("0", 4), 0, {1}, {1, 1}), Contains("make no sense"));
    CHECK_THAT(one(storage("0", 4), 0, std::vector<std::int32_t>(65, 1), std::vector<std::int32_t>(65, 1)),
        Contains("make no sense"));
    CHECK_THAT(
        one(storage("0", 4), 0, {2147483647, 2147483647, 2147483647}, {0, 0, 0}), Contains("make no sense"));
    CHECK_THAT(
        one(storage("0", 4), 0, {2147483647, 2147483647, 2}, {0, 0, 0}), Contains("larger than any file"));
    CHECK_THAT(one(storage("0", 4), 0, {2147483647, 1000}, {0, 0}), Contains("repeats its 16 stored bytes"));
    CHECK_THAT(one(storage("0", -4), 0, {1}, {1}), Contains("not a storage"));
    CHECK_THAT(one(storage("../0", 4), 0, {1}, {1}), Contains("not in the archive"));
    CHECK(refusal(archive(mapOf(tensor(storage("0", 4, "QInt8Storage"), 0, sequence({1}), sequence({1}))),
                      {kData}))
              .code
        == ErrorCode::Unsupported);
}

TEST_CASE("malformed pickles are refused")
{
    CHECK_THAT(invalidPickle(""), Contains("ends"));
    CHECK_THAT(invalidPickle(kStart), Contains("ends"));
    CHECK_THAT(invalidPickle("\x80\x06}."), Contains("protocol"));
    CHECK_THAT(invalidPickle(kStart + "\xff."), Contains("unknown operation 0xff"));
    CHECK_THAT(invalidPickle(kStart + "."), Contains("empty stack"));
    CHECK_THAT(invalidPickle(kStart + "(."), Contains("empty stack"));
    CHECK_THAT(invalidPickle(kStart + "t."), Contains("mark"));
    CHECK_THAT(invalidPickle(kStart + "h\x05."), Contains("not stored"));
    CHECK_THAT(invalidPickle(kStart
                   + "}K\x01"
                     "a."),
        Contains("not a list"));
    CHECK_THAT(invalidPickle(kStart + "]K\x01K\x02s."), Contains("not a map"));
    CHECK_THAT(invalidPickle(kStart
                   + "(K\x01"
                     "d."),
        Contains("without a value"));
    CHECK_THAT(invalidPickle(kStart + "Iabc\n."), Contains("number"));
    CHECK_THAT(invalidPickle(kStart + "gabc\n."), Contains("memo"));
    CHECK_THAT(invalidPickle(kStart + "\x97."), Contains("buffers"));
    CHECK_THAT(invalidPickle(kStart + "K\x01."), Contains("no tensors"));
    CHECK_THAT(invalidPickle(kStart + "]."), Contains("a list"));
    CHECK_THAT(invalidPickle(kStart + "}."), Contains("no tensors"));
    CHECK_THAT(invalidPickle(kStart + "K\x01Q."), Contains("not a storage"));
    CHECK_THAT(invalidPickle(kStart + "K\x01K\x02\x93."), Contains("not a text"));
    CHECK_THAT(invalidPickle(mapOf(tensor(storage("0", 4), 0, sequence({4}), sequence({1})), "\x1b[2J")),
        Contains("not plain text"));
    CHECK_THAT(invalidPickle(mapOf(tensor(storage("0", 4), 0, sequence({4}), sequence({1})), "\xff")),
        Contains("not plain text"));
    CHECK_THAT(invalidPickle(
                   mapOf(tensor(storage("0", 4), 0, sequence({4}), sequence({1})), std::string(5000, 'a'))),
        Contains("longer"));
}

TEST_CASE("lengths that lie cost nothing")
{
    CHECK_THAT(invalidPickle("\x80\x04\x95" + bytesOf(~std::uint64_t{0}) + "}."), Contains("frame"));
    CHECK_THAT(invalidPickle("\x80\x04\x95" + bytesOf(std::uint64_t{1} << 40) + "}."), Contains("frame"));
    CHECK_THAT(invalidPickle("\x80\x04\x8d" + bytesOf(~std::uint64_t{0}) + "x."), Contains("ends"));
    CHECK_THAT(invalidPickle("\x80\x04\x8e" + bytesOf(std::uint64_t{1} << 62) + "x."), Contains("ends"));
    CHECK_THAT(invalidPickle("\x80\x02\x8b\xff\xff\xff\xff"
                             "x."),
        Contains("ends"));
    CHECK_THAT(invalidPickle("\x80\x02X\xff\xff\xff\x7fx."), Contains("ends"));
    CHECK_THAT(invalidPickle(kStart + "I" + std::string(100'000, '1') + "\n."), Contains("line"));
    CHECK_THAT(invalidPickle("\x80\x02]r\xff\xff\xff\xff."), Contains("memo places"));
}

TEST_CASE("pickles that contain themselves, or grow by sharing, end quickly")
{
    // a = {}; a["model"] = a
    CHECK_THAT(invalidPickle(kStart + "}q\x01" + text("model") + "h\x01s."), Contains("no tensors"));
    CHECK_THAT(invalidPickle(kStart
                   + "]q\x01h\x01"
                     "a."),
        Contains("a list"));
    // Lists of two of the list before: 2^200 elements if anyone walked them.
    std::string laughs = kStart + "](lp0\n0";
    for (int i = 0; i < 200; ++i)
        laughs += fmt::format("(g{}\ng{}\nlp{}\n0", i, i, i + 1);
    CHECK_THAT(invalidPickle(laughs + "g200\n."), Contains("a list"));
    // The same with maps, where a tensor could hide at the bottom.
    std::string maps = kStart + "}p0\n0";
    for (int i = 0; i < 8; ++i) {
        maps += "}(";
        for (int n = 0; n < 30; ++n)
            maps += text(std::to_string(n)) + fmt::format("g{}\n", i);
        maps += fmt::format("up{}\n0", i + 1);
    }
    CHECK_THAT(invalidPickle(maps + "g8\n."), Contains("contain each other too often"));
    // A long tuple handed to a harmless call again and again.
    std::string calls
        = kStart + "(" + std::string(200'000, 'N') + "tp0\n0" + global("torch", "device") + "p1\n0";
    for (int i = 0; i < 20'000; ++i)
        calls += "g1\ng0\nR0";
    CHECK_THAT(invalidPickle(calls + "N."), Contains("more steps"));
    std::string deep = kStart;
    for (int i = 0; i < 300'000; ++i)
        deep += "]";
    for (int i = 1; i < 300'000; ++i)
        deep += "a";
    CHECK_THAT(invalidPickle(deep + "."), Contains("a list"));
    CHECK_THAT(invalidPickle(kStart + std::string(8'100'000, '(') + "."), Contains("stack"));
    CHECK_THAT(invalidPickle(kStart + std::string(8'100'000, ')') + "."), Contains("stack"));
}

TEST_CASE("every way to call something is refused and listed")
{
    const std::string system = global("os", "system"), argument = text("true") + "\x85";
    const std::string harmless = global("collections", "OrderedDict");
    struct Case {
        std::string pickle;
        std::vector<std::string> calls;
    };
    const std::vector<Case> cases{
        {kStart + system + argument + "R.", {"os.system"}},
        {kStart + system + ".", {"os.system"}}, // importing runs code, too
        {"\x80\x04\x8c\x02os\x8c\x06system\x93" + argument + "R.", {"os.system"}},
        {kStart + "(" + text("true") + "ios\nsystem\n.", {"os.system"}},
        {kStart + "(" + system + text("true") + "o.", {"os.system"}},
        {kStart + global("builtins", "eval") + argument + "\x81.", {"builtins.eval"}},
        {kStart + global("__builtin__", "exec") + argument + "}\x92.", {"__builtin__.exec"}},
        {kStart + system + "q\x01" + argument + "q\x02R0h\x01h\x02R.", {"os.system", "os.system"}},
        {kStart + global("builtins", "getattr") + "(" + harmless + text("x") + "tR)R.",
            {"builtins.getattr", "a value that an earlier call returned"}},
        {kStart + "K\x01)R.", {"a value that an earlier call returned"}},
        {kStart + harmless + "}b.", {"collections.OrderedDict.__setstate__"}},
        {kStart + "\x82\x07.", {"copyreg extension 7"}},
        {kStart + global("torch.storage", "_load_from_bytes") + argument + "R.",
            {"torch.storage._load_from_bytes"}},
        {kStart + system + argument + "R", {"os.system"}}, // broken off after the deed
        {kStart + system + argument + "R0\xff.", {"os.system"}},
        {"cos\nsystem\n(S'true'\ntR.", {"os.system"}},
    };
    for (const Case& c : cases) {
        INFO(c.pickle);
        CHECK(callsOf(archive(c.pickle)) == c.calls);
        const Error error = refusal(archive(c.pickle));
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Contains(c.calls.front()));
        CHECK(callsOf(c.pickle) == c.calls); // as a bare pickle
        CHECK_THAT(refusal(c.pickle).message, Contains(c.calls.front()));
    }
    CHECK(callsOf(archive(kGood, {kData})).empty());
    CHECK_THAT(refusal("neither this nor that").message, Contains("known kind"));
    CHECK(callsOf("neither this nor that").empty());
}

TEST_CASE("the tensors of a dangerous file are read without its calls, those of a damaged one are not")
{
    const TempFolder folder;
    const std::string system = global("os", "system") + text("true") + "\x85R";
    const std::string weights
        = text("w") + tensor(storage("0", 4), 0, sequence({2, 2}), sequence({2, 1})) + "s";
    // An object of a trainer's class with attributes of its own, as training checkpoints have them.
    const std::string trainer
        = text("callbacks") + global("lightning", "Checkpoint") + ")\x81}" + text("best") + "K\x01sbs";
    const auto file = folder.write(
        "x.ckpt", archive(kStart + "}" + text("evil") + system + "s" + trainer + weights + ".", {kData}));
    REQUIRE_FALSE(openCheckpoint(file));
    const auto source = openWithoutCalls(file);
    INFO((source ? "" : source.error().message));
    REQUIRE(source);
    REQUIRE((*source)->tensors().size() == 1);
    CHECK((*source)->tensors()[0].name == "w");
    std::string bytes(16, '\0');
    REQUIRE((*source)->read(0, 0, std::as_writable_bytes(std::span(bytes))));
    CHECK(bytes == kData.data);
    REQUIRE_FALSE((*source)->info().warnings.empty());
    CHECK_THAT((*source)->info().warnings.front(), Contains("os.system") && Contains("left out"));

    CHECK_FALSE(openWithoutCalls(
        folder.write("none.ckpt", archive(kStart + "}" + text("evil") + system + "s.", {kData}))));
    const auto damaged = folder.write("damaged.ckpt", archive(kStart + "}" + weights, {kData})); // no STOP
    const auto refused = openWithoutCalls(damaged);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == openCheckpoint(damaged).error().message);
    const auto good = openWithoutCalls(folder.write("good.ckpt", archive(kGood, {kData})));
    REQUIRE(good);
    CHECK((*good)->info().warnings.empty());
}

TEST_CASE("the later of two equal keys holds, as in Python; different maps must not collide")
{
    const TempFolder folder;
    const std::string first = tensor(storage("0", 4), 0, sequence({4}), sequence({1}));
    const std::string second = tensor(storage("0", 4), 1, sequence({2}), sequence({1}));
    const auto source = openCheckpoint(folder.write(
        "x", archive(kStart + "}" + text("w") + first + "s" + text("w") + second + "s.", {kData})));
    REQUIRE(source);
    REQUIRE((*source)->tensors().size() == 1);
    CHECK((*source)->tensors()[0].shape == Shape{2});
    CHECK_THAT(invalidPickle(
                   kStart + "}" + text("a.b") + first + "s" + text("a") + "}" + text("b") + second + "ss."),
        Contains("two tensors are called 'a.b'"));
}
