// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes the operations of a pickle one by one, with their arguments, from a range of a file.
#pragma once

#include "engine/io/random_access_file.h"

#include <memory>
#include <string>
#include <string_view>

namespace mantissa {

/// The operations of pickle protocols 0 to 5 (CPython Lib/pickle.py).
enum class PickleOp : unsigned char {
    Mark = '(',
    Stop = '.',
    Pop = '0',
    PopMark = '1',
    Dup = '2',
    Float = 'F',
    Int = 'I',
    BinInt = 'J',
    BinInt1 = 'K',
    Long = 'L',
    BinInt2 = 'M',
    None = 'N',
    PersId = 'P',
    BinPersId = 'Q',
    Reduce = 'R',
    String = 'S',
    BinString = 'T',
    ShortBinString = 'U',
    Unicode = 'V',
    BinUnicode = 'X',
    Append = 'a',
    Build = 'b',
    Global = 'c',
    Dict = 'd',
    EmptyDict = '}',
    Appends = 'e',
    Get = 'g',
    BinGet = 'h',
    Inst = 'i',
    LongBinGet = 'j',
    List = 'l',
    EmptyList = ']',
    Obj = 'o',
    Put = 'p',
    BinPut = 'q',
    LongBinPut = 'r',
    SetItem = 's',
    Tuple = 't',
    EmptyTuple = ')',
    SetItems = 'u',
    BinFloat = 'G',
    Proto = 0x80,
    NewObj = 0x81,
    Ext1 = 0x82,
    Ext2 = 0x83,
    Ext4 = 0x84,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8a,
    Long4 = 0x8b,
    BinBytes = 'B',
    ShortBinBytes = 'C',
    ShortBinUnicode = 0x8c,
    BinUnicode8 = 0x8d,
    BinBytes8 = 0x8e,
    EmptySet = 0x8f,
    AddItems = 0x90,
    FrozenSet = 0x91,
    NewObjEx = 0x92,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
    ByteArray8 = 0x96,
    NextBuffer = 0x97,
    ReadonlyBuffer = 0x98,
};

struct PickleStep {
    PickleOp op = PickleOp::Stop;
    std::uint64_t offset = 0; ///< of the operation in the stream
    std::int64_t number = 0; ///< of whole-number arguments: lengths, memo places, small integers, float bits
    std::string_view text; ///< of textual arguments; valid until the next step
    std::string_view text2; ///< second line of GLOBAL and INST
};

/// Buffered; holds one argument in memory. Not safe for several threads at once.
class PickleStream {
public:
    /// Steps are counted from `begin`; `part` names the entry inside the file for messages, may be empty.
    PickleStream(std::shared_ptr<const RandomAccessFile> file, std::uint64_t begin, std::uint64_t end,
        std::string part);

    /// InvalidInput for an unknown operation, a length beyond the stream's end, or an end without STOP.
    Result<PickleStep> next();
    /// Bytes consumed so far.
    std::uint64_t position() const { return m_position - m_begin; }
    std::uint64_t remaining() const { return m_end - m_position; }
    /// "FILE, byte N of PART".
    Sentence place(std::uint64_t offset) const;

private:
    Status take(std::uint64_t bytes, std::string& text);
    Status takeLine(std::string& text);
    Result<std::uint64_t> takeNumber(std::size_t bytes);
    Status takeArgument(PickleStep& step);
    Status takeTextAfterLength(std::size_t lengthBytes, PickleStep& step);
    Status takeNumberInto(std::size_t bytes, PickleStep& step);
    tl::unexpected<Error> invalid(Sentence message) const;

    std::shared_ptr<const RandomAccessFile> m_file;
    std::uint64_t m_begin, m_end, m_position;
    std::uint64_t m_stepOffset = 0;
    std::string m_part;
    std::string m_buffer; ///< bytes of the file from m_bufferStart on
    std::uint64_t m_bufferStart = 0;
    std::string m_text, m_text2;
};

} // namespace mantissa
