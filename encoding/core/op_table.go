// This file is long because it is a table: one constant and one row for each instruction.

package core

import "github.com/mortise-wasm/mortise/model/feature"

// The instructions, by opcode. The value of an Op is its opcode. The pages of the prefix bytes are
// 0x100 for 0xfb, 0x200 for 0xfc, 0x300 and 0x400 for 0xfd, and 0x500 for 0xfe.
const (
	OpUnreachable                   Op = 0x000
	OpNop                           Op = 0x001
	OpBlock                         Op = 0x002
	OpLoop                          Op = 0x003
	OpIf                            Op = 0x004
	OpElse                          Op = 0x005
	OpTry                           Op = 0x006
	OpCatch                         Op = 0x007
	OpThrow                         Op = 0x008
	OpRethrow                       Op = 0x009
	OpThrowRef                      Op = 0x00a
	OpEnd                           Op = 0x00b
	OpBr                            Op = 0x00c
	OpBrIf                          Op = 0x00d
	OpBrTable                       Op = 0x00e
	OpReturn                        Op = 0x00f
	OpCall                          Op = 0x010
	OpCallIndirect                  Op = 0x011
	OpReturnCall                    Op = 0x012
	OpReturnCallIndirect            Op = 0x013
	OpCallRef                       Op = 0x014
	OpReturnCallRef                 Op = 0x015
	OpDelegate                      Op = 0x018
	OpCatchAll                      Op = 0x019
	OpDrop                          Op = 0x01a
	OpSelect                        Op = 0x01b
	OpSelectT                       Op = 0x01c
	OpTryTable                      Op = 0x01f
	OpLocalGet                      Op = 0x020
	OpLocalSet                      Op = 0x021
	OpLocalTee                      Op = 0x022
	OpGlobalGet                     Op = 0x023
	OpGlobalSet                     Op = 0x024
	OpTableGet                      Op = 0x025
	OpTableSet                      Op = 0x026
	OpI32Load                       Op = 0x028
	OpI64Load                       Op = 0x029
	OpF32Load                       Op = 0x02a
	OpF64Load                       Op = 0x02b
	OpI32Load8S                     Op = 0x02c
	OpI32Load8U                     Op = 0x02d
	OpI32Load16S                    Op = 0x02e
	OpI32Load16U                    Op = 0x02f
	OpI64Load8S                     Op = 0x030
	OpI64Load8U                     Op = 0x031
	OpI64Load16S                    Op = 0x032
	OpI64Load16U                    Op = 0x033
	OpI64Load32S                    Op = 0x034
	OpI64Load32U                    Op = 0x035
	OpI32Store                      Op = 0x036
	OpI64Store                      Op = 0x037
	OpF32Store                      Op = 0x038
	OpF64Store                      Op = 0x039
	OpI32Store8                     Op = 0x03a
	OpI32Store16                    Op = 0x03b
	OpI64Store8                     Op = 0x03c
	OpI64Store16                    Op = 0x03d
	OpI64Store32                    Op = 0x03e
	OpMemorySize                    Op = 0x03f
	OpMemoryGrow                    Op = 0x040
	OpI32Const                      Op = 0x041
	OpI64Const                      Op = 0x042
	OpF32Const                      Op = 0x043
	OpF64Const                      Op = 0x044
	OpI32Eqz                        Op = 0x045
	OpI32Eq                         Op = 0x046
	OpI32Ne                         Op = 0x047
	OpI32LtS                        Op = 0x048
	OpI32LtU                        Op = 0x049
	OpI32GtS                        Op = 0x04a
	OpI32GtU                        Op = 0x04b
	OpI32LeS                        Op = 0x04c
	OpI32LeU                        Op = 0x04d
	OpI32GeS                        Op = 0x04e
	OpI32GeU                        Op = 0x04f
	OpI64Eqz                        Op = 0x050
	OpI64Eq                         Op = 0x051
	OpI64Ne                         Op = 0x052
	OpI64LtS                        Op = 0x053
	OpI64LtU                        Op = 0x054
	OpI64GtS                        Op = 0x055
	OpI64GtU                        Op = 0x056
	OpI64LeS                        Op = 0x057
	OpI64LeU                        Op = 0x058
	OpI64GeS                        Op = 0x059
	OpI64GeU                        Op = 0x05a
	OpF32Eq                         Op = 0x05b
	OpF32Ne                         Op = 0x05c
	OpF32Lt                         Op = 0x05d
	OpF32Gt                         Op = 0x05e
	OpF32Le                         Op = 0x05f
	OpF32Ge                         Op = 0x060
	OpF64Eq                         Op = 0x061
	OpF64Ne                         Op = 0x062
	OpF64Lt                         Op = 0x063
	OpF64Gt                         Op = 0x064
	OpF64Le                         Op = 0x065
	OpF64Ge                         Op = 0x066
	OpI32Clz                        Op = 0x067
	OpI32Ctz                        Op = 0x068
	OpI32Popcnt                     Op = 0x069
	OpI32Add                        Op = 0x06a
	OpI32Sub                        Op = 0x06b
	OpI32Mul                        Op = 0x06c
	OpI32DivS                       Op = 0x06d
	OpI32DivU                       Op = 0x06e
	OpI32RemS                       Op = 0x06f
	OpI32RemU                       Op = 0x070
	OpI32And                        Op = 0x071
	OpI32Or                         Op = 0x072
	OpI32Xor                        Op = 0x073
	OpI32Shl                        Op = 0x074
	OpI32ShrS                       Op = 0x075
	OpI32ShrU                       Op = 0x076
	OpI32Rotl                       Op = 0x077
	OpI32Rotr                       Op = 0x078
	OpI64Clz                        Op = 0x079
	OpI64Ctz                        Op = 0x07a
	OpI64Popcnt                     Op = 0x07b
	OpI64Add                        Op = 0x07c
	OpI64Sub                        Op = 0x07d
	OpI64Mul                        Op = 0x07e
	OpI64DivS                       Op = 0x07f
	OpI64DivU                       Op = 0x080
	OpI64RemS                       Op = 0x081
	OpI64RemU                       Op = 0x082
	OpI64And                        Op = 0x083
	OpI64Or                         Op = 0x084
	OpI64Xor                        Op = 0x085
	OpI64Shl                        Op = 0x086
	OpI64ShrS                       Op = 0x087
	OpI64ShrU                       Op = 0x088
	OpI64Rotl                       Op = 0x089
	OpI64Rotr                       Op = 0x08a
	OpF32Abs                        Op = 0x08b
	OpF32Neg                        Op = 0x08c
	OpF32Ceil                       Op = 0x08d
	OpF32Floor                      Op = 0x08e
	OpF32Trunc                      Op = 0x08f
	OpF32Nearest                    Op = 0x090
	OpF32Sqrt                       Op = 0x091
	OpF32Add                        Op = 0x092
	OpF32Sub                        Op = 0x093
	OpF32Mul                        Op = 0x094
	OpF32Div                        Op = 0x095
	OpF32Min                        Op = 0x096
	OpF32Max                        Op = 0x097
	OpF32Copysign                   Op = 0x098
	OpF64Abs                        Op = 0x099
	OpF64Neg                        Op = 0x09a
	OpF64Ceil                       Op = 0x09b
	OpF64Floor                      Op = 0x09c
	OpF64Trunc                      Op = 0x09d
	OpF64Nearest                    Op = 0x09e
	OpF64Sqrt                       Op = 0x09f
	OpF64Add                        Op = 0x0a0
	OpF64Sub                        Op = 0x0a1
	OpF64Mul                        Op = 0x0a2
	OpF64Div                        Op = 0x0a3
	OpF64Min                        Op = 0x0a4
	OpF64Max                        Op = 0x0a5
	OpF64Copysign                   Op = 0x0a6
	OpI32WrapI64                    Op = 0x0a7
	OpI32TruncF32S                  Op = 0x0a8
	OpI32TruncF32U                  Op = 0x0a9
	OpI32TruncF64S                  Op = 0x0aa
	OpI32TruncF64U                  Op = 0x0ab
	OpI64ExtendI32S                 Op = 0x0ac
	OpI64ExtendI32U                 Op = 0x0ad
	OpI64TruncF32S                  Op = 0x0ae
	OpI64TruncF32U                  Op = 0x0af
	OpI64TruncF64S                  Op = 0x0b0
	OpI64TruncF64U                  Op = 0x0b1
	OpF32ConvertI32S                Op = 0x0b2
	OpF32ConvertI32U                Op = 0x0b3
	OpF32ConvertI64S                Op = 0x0b4
	OpF32ConvertI64U                Op = 0x0b5
	OpF32DemoteF64                  Op = 0x0b6
	OpF64ConvertI32S                Op = 0x0b7
	OpF64ConvertI32U                Op = 0x0b8
	OpF64ConvertI64S                Op = 0x0b9
	OpF64ConvertI64U                Op = 0x0ba
	OpF64PromoteF32                 Op = 0x0bb
	OpI32ReinterpretF32             Op = 0x0bc
	OpI64ReinterpretF64             Op = 0x0bd
	OpF32ReinterpretI32             Op = 0x0be
	OpF64ReinterpretI64             Op = 0x0bf
	OpI32Extend8S                   Op = 0x0c0
	OpI32Extend16S                  Op = 0x0c1
	OpI64Extend8S                   Op = 0x0c2
	OpI64Extend16S                  Op = 0x0c3
	OpI64Extend32S                  Op = 0x0c4
	OpRefNull                       Op = 0x0d0
	OpRefIsNull                     Op = 0x0d1
	OpRefFunc                       Op = 0x0d2
	OpRefEq                         Op = 0x0d3
	OpRefAsNonNull                  Op = 0x0d4
	OpBrOnNull                      Op = 0x0d5
	OpBrOnNonNull                   Op = 0x0d6
	OpContNew                       Op = 0x0e0
	OpContBind                      Op = 0x0e1
	OpSuspend                       Op = 0x0e2
	OpResume                        Op = 0x0e3
	OpResumeThrow                   Op = 0x0e4
	OpResumeThrowRef                Op = 0x0e5
	OpSwitch                        Op = 0x0e6
	OpStructNew                     Op = 0x100
	OpStructNewDefault              Op = 0x101
	OpStructGet                     Op = 0x102
	OpStructGetS                    Op = 0x103
	OpStructGetU                    Op = 0x104
	OpStructSet                     Op = 0x105
	OpArrayNew                      Op = 0x106
	OpArrayNewDefault               Op = 0x107
	OpArrayNewFixed                 Op = 0x108
	OpArrayNewData                  Op = 0x109
	OpArrayNewElem                  Op = 0x10a
	OpArrayGet                      Op = 0x10b
	OpArrayGetS                     Op = 0x10c
	OpArrayGetU                     Op = 0x10d
	OpArraySet                      Op = 0x10e
	OpArrayLen                      Op = 0x10f
	OpArrayFill                     Op = 0x110
	OpArrayCopy                     Op = 0x111
	OpArrayInitData                 Op = 0x112
	OpArrayInitElem                 Op = 0x113
	OpRefTest                       Op = 0x114
	OpRefTestNull                   Op = 0x115
	OpRefCast                       Op = 0x116
	OpRefCastNull                   Op = 0x117
	OpBrOnCast                      Op = 0x118
	OpBrOnCastFail                  Op = 0x119
	OpAnyConvertExtern              Op = 0x11a
	OpExternConvertAny              Op = 0x11b
	OpRefI31                        Op = 0x11c
	OpI31GetS                       Op = 0x11d
	OpI31GetU                       Op = 0x11e
	OpI32TruncSatF32S               Op = 0x200
	OpI32TruncSatF32U               Op = 0x201
	OpI32TruncSatF64S               Op = 0x202
	OpI32TruncSatF64U               Op = 0x203
	OpI64TruncSatF32S               Op = 0x204
	OpI64TruncSatF32U               Op = 0x205
	OpI64TruncSatF64S               Op = 0x206
	OpI64TruncSatF64U               Op = 0x207
	OpMemoryInit                    Op = 0x208
	OpDataDrop                      Op = 0x209
	OpMemoryCopy                    Op = 0x20a
	OpMemoryFill                    Op = 0x20b
	OpTableInit                     Op = 0x20c
	OpElemDrop                      Op = 0x20d
	OpTableCopy                     Op = 0x20e
	OpTableGrow                     Op = 0x20f
	OpTableSize                     Op = 0x210
	OpTableFill                     Op = 0x211
	OpMemoryDiscard                 Op = 0x212
	OpI64Add128                     Op = 0x213
	OpI64Sub128                     Op = 0x214
	OpI64MulWideS                   Op = 0x215
	OpI64MulWideU                   Op = 0x216
	OpV128Load                      Op = 0x300
	OpV128Load8x8S                  Op = 0x301
	OpV128Load8x8U                  Op = 0x302
	OpV128Load16x4S                 Op = 0x303
	OpV128Load16x4U                 Op = 0x304
	OpV128Load32x2S                 Op = 0x305
	OpV128Load32x2U                 Op = 0x306
	OpV128Load8Splat                Op = 0x307
	OpV128Load16Splat               Op = 0x308
	OpV128Load32Splat               Op = 0x309
	OpV128Load64Splat               Op = 0x30a
	OpV128Store                     Op = 0x30b
	OpV128Const                     Op = 0x30c
	OpI8x16Shuffle                  Op = 0x30d
	OpI8x16Swizzle                  Op = 0x30e
	OpI8x16Splat                    Op = 0x30f
	OpI16x8Splat                    Op = 0x310
	OpI32x4Splat                    Op = 0x311
	OpI64x2Splat                    Op = 0x312
	OpF32x4Splat                    Op = 0x313
	OpF64x2Splat                    Op = 0x314
	OpI8x16ExtractLaneS             Op = 0x315
	OpI8x16ExtractLaneU             Op = 0x316
	OpI8x16ReplaceLane              Op = 0x317
	OpI16x8ExtractLaneS             Op = 0x318
	OpI16x8ExtractLaneU             Op = 0x319
	OpI16x8ReplaceLane              Op = 0x31a
	OpI32x4ExtractLane              Op = 0x31b
	OpI32x4ReplaceLane              Op = 0x31c
	OpI64x2ExtractLane              Op = 0x31d
	OpI64x2ReplaceLane              Op = 0x31e
	OpF32x4ExtractLane              Op = 0x31f
	OpF32x4ReplaceLane              Op = 0x320
	OpF64x2ExtractLane              Op = 0x321
	OpF64x2ReplaceLane              Op = 0x322
	OpI8x16Eq                       Op = 0x323
	OpI8x16Ne                       Op = 0x324
	OpI8x16LtS                      Op = 0x325
	OpI8x16LtU                      Op = 0x326
	OpI8x16GtS                      Op = 0x327
	OpI8x16GtU                      Op = 0x328
	OpI8x16LeS                      Op = 0x329
	OpI8x16LeU                      Op = 0x32a
	OpI8x16GeS                      Op = 0x32b
	OpI8x16GeU                      Op = 0x32c
	OpI16x8Eq                       Op = 0x32d
	OpI16x8Ne                       Op = 0x32e
	OpI16x8LtS                      Op = 0x32f
	OpI16x8LtU                      Op = 0x330
	OpI16x8GtS                      Op = 0x331
	OpI16x8GtU                      Op = 0x332
	OpI16x8LeS                      Op = 0x333
	OpI16x8LeU                      Op = 0x334
	OpI16x8GeS                      Op = 0x335
	OpI16x8GeU                      Op = 0x336
	OpI32x4Eq                       Op = 0x337
	OpI32x4Ne                       Op = 0x338
	OpI32x4LtS                      Op = 0x339
	OpI32x4LtU                      Op = 0x33a
	OpI32x4GtS                      Op = 0x33b
	OpI32x4GtU                      Op = 0x33c
	OpI32x4LeS                      Op = 0x33d
	OpI32x4LeU                      Op = 0x33e
	OpI32x4GeS                      Op = 0x33f
	OpI32x4GeU                      Op = 0x340
	OpF32x4Eq                       Op = 0x341
	OpF32x4Ne                       Op = 0x342
	OpF32x4Lt                       Op = 0x343
	OpF32x4Gt                       Op = 0x344
	OpF32x4Le                       Op = 0x345
	OpF32x4Ge                       Op = 0x346
	OpF64x2Eq                       Op = 0x347
	OpF64x2Ne                       Op = 0x348
	OpF64x2Lt                       Op = 0x349
	OpF64x2Gt                       Op = 0x34a
	OpF64x2Le                       Op = 0x34b
	OpF64x2Ge                       Op = 0x34c
	OpV128Not                       Op = 0x34d
	OpV128And                       Op = 0x34e
	OpV128Andnot                    Op = 0x34f
	OpV128Or                        Op = 0x350
	OpV128Xor                       Op = 0x351
	OpV128Bitselect                 Op = 0x352
	OpV128AnyTrue                   Op = 0x353
	OpV128Load8Lane                 Op = 0x354
	OpV128Load16Lane                Op = 0x355
	OpV128Load32Lane                Op = 0x356
	OpV128Load64Lane                Op = 0x357
	OpV128Store8Lane                Op = 0x358
	OpV128Store16Lane               Op = 0x359
	OpV128Store32Lane               Op = 0x35a
	OpV128Store64Lane               Op = 0x35b
	OpV128Load32Zero                Op = 0x35c
	OpV128Load64Zero                Op = 0x35d
	OpF32x4DemoteF64x2Zero          Op = 0x35e
	OpF64x2PromoteLowF32x4          Op = 0x35f
	OpI8x16Abs                      Op = 0x360
	OpI8x16Neg                      Op = 0x361
	OpI8x16Popcnt                   Op = 0x362
	OpI8x16AllTrue                  Op = 0x363
	OpI8x16Bitmask                  Op = 0x364
	OpI8x16NarrowI16x8S             Op = 0x365
	OpI8x16NarrowI16x8U             Op = 0x366
	OpF32x4Ceil                     Op = 0x367
	OpF32x4Floor                    Op = 0x368
	OpF32x4Trunc                    Op = 0x369
	OpF32x4Nearest                  Op = 0x36a
	OpI8x16Shl                      Op = 0x36b
	OpI8x16ShrS                     Op = 0x36c
	OpI8x16ShrU                     Op = 0x36d
	OpI8x16Add                      Op = 0x36e
	OpI8x16AddSatS                  Op = 0x36f
	OpI8x16AddSatU                  Op = 0x370
	OpI8x16Sub                      Op = 0x371
	OpI8x16SubSatS                  Op = 0x372
	OpI8x16SubSatU                  Op = 0x373
	OpF64x2Ceil                     Op = 0x374
	OpF64x2Floor                    Op = 0x375
	OpI8x16MinS                     Op = 0x376
	OpI8x16MinU                     Op = 0x377
	OpI8x16MaxS                     Op = 0x378
	OpI8x16MaxU                     Op = 0x379
	OpF64x2Trunc                    Op = 0x37a
	OpI8x16AvgrU                    Op = 0x37b
	OpI16x8ExtaddPairwiseI8x16S     Op = 0x37c
	OpI16x8ExtaddPairwiseI8x16U     Op = 0x37d
	OpI32x4ExtaddPairwiseI16x8S     Op = 0x37e
	OpI32x4ExtaddPairwiseI16x8U     Op = 0x37f
	OpI16x8Abs                      Op = 0x380
	OpI16x8Neg                      Op = 0x381
	OpI16x8Q15mulrSatS              Op = 0x382
	OpI16x8AllTrue                  Op = 0x383
	OpI16x8Bitmask                  Op = 0x384
	OpI16x8NarrowI32x4S             Op = 0x385
	OpI16x8NarrowI32x4U             Op = 0x386
	OpI16x8ExtendLowI8x16S          Op = 0x387
	OpI16x8ExtendHighI8x16S         Op = 0x388
	OpI16x8ExtendLowI8x16U          Op = 0x389
	OpI16x8ExtendHighI8x16U         Op = 0x38a
	OpI16x8Shl                      Op = 0x38b
	OpI16x8ShrS                     Op = 0x38c
	OpI16x8ShrU                     Op = 0x38d
	OpI16x8Add                      Op = 0x38e
	OpI16x8AddSatS                  Op = 0x38f
	OpI16x8AddSatU                  Op = 0x390
	OpI16x8Sub                      Op = 0x391
	OpI16x8SubSatS                  Op = 0x392
	OpI16x8SubSatU                  Op = 0x393
	OpF64x2Nearest                  Op = 0x394
	OpI16x8Mul                      Op = 0x395
	OpI16x8MinS                     Op = 0x396
	OpI16x8MinU                     Op = 0x397
	OpI16x8MaxS                     Op = 0x398
	OpI16x8MaxU                     Op = 0x399
	OpI16x8AvgrU                    Op = 0x39b
	OpI16x8ExtmulLowI8x16S          Op = 0x39c
	OpI16x8ExtmulHighI8x16S         Op = 0x39d
	OpI16x8ExtmulLowI8x16U          Op = 0x39e
	OpI16x8ExtmulHighI8x16U         Op = 0x39f
	OpI32x4Abs                      Op = 0x3a0
	OpI32x4Neg                      Op = 0x3a1
	OpI32x4AllTrue                  Op = 0x3a3
	OpI32x4Bitmask                  Op = 0x3a4
	OpI32x4ExtendLowI16x8S          Op = 0x3a7
	OpI32x4ExtendHighI16x8S         Op = 0x3a8
	OpI32x4ExtendLowI16x8U          Op = 0x3a9
	OpI32x4ExtendHighI16x8U         Op = 0x3aa
	OpI32x4Shl                      Op = 0x3ab
	OpI32x4ShrS                     Op = 0x3ac
	OpI32x4ShrU                     Op = 0x3ad
	OpI32x4Add                      Op = 0x3ae
	OpI32x4Sub                      Op = 0x3b1
	OpI32x4Mul                      Op = 0x3b5
	OpI32x4MinS                     Op = 0x3b6
	OpI32x4MinU                     Op = 0x3b7
	OpI32x4MaxS                     Op = 0x3b8
	OpI32x4MaxU                     Op = 0x3b9
	OpI32x4DotI16x8S                Op = 0x3ba
	OpI32x4ExtmulLowI16x8S          Op = 0x3bc
	OpI32x4ExtmulHighI16x8S         Op = 0x3bd
	OpI32x4ExtmulLowI16x8U          Op = 0x3be
	OpI32x4ExtmulHighI16x8U         Op = 0x3bf
	OpI64x2Abs                      Op = 0x3c0
	OpI64x2Neg                      Op = 0x3c1
	OpI64x2AllTrue                  Op = 0x3c3
	OpI64x2Bitmask                  Op = 0x3c4
	OpI64x2ExtendLowI32x4S          Op = 0x3c7
	OpI64x2ExtendHighI32x4S         Op = 0x3c8
	OpI64x2ExtendLowI32x4U          Op = 0x3c9
	OpI64x2ExtendHighI32x4U         Op = 0x3ca
	OpI64x2Shl                      Op = 0x3cb
	OpI64x2ShrS                     Op = 0x3cc
	OpI64x2ShrU                     Op = 0x3cd
	OpI64x2Add                      Op = 0x3ce
	OpI64x2Sub                      Op = 0x3d1
	OpI64x2Mul                      Op = 0x3d5
	OpI64x2Eq                       Op = 0x3d6
	OpI64x2Ne                       Op = 0x3d7
	OpI64x2LtS                      Op = 0x3d8
	OpI64x2GtS                      Op = 0x3d9
	OpI64x2LeS                      Op = 0x3da
	OpI64x2GeS                      Op = 0x3db
	OpI64x2ExtmulLowI32x4S          Op = 0x3dc
	OpI64x2ExtmulHighI32x4S         Op = 0x3dd
	OpI64x2ExtmulLowI32x4U          Op = 0x3de
	OpI64x2ExtmulHighI32x4U         Op = 0x3df
	OpF32x4Abs                      Op = 0x3e0
	OpF32x4Neg                      Op = 0x3e1
	OpF32x4Sqrt                     Op = 0x3e3
	OpF32x4Add                      Op = 0x3e4
	OpF32x4Sub                      Op = 0x3e5
	OpF32x4Mul                      Op = 0x3e6
	OpF32x4Div                      Op = 0x3e7
	OpF32x4Min                      Op = 0x3e8
	OpF32x4Max                      Op = 0x3e9
	OpF32x4Pmin                     Op = 0x3ea
	OpF32x4Pmax                     Op = 0x3eb
	OpF64x2Abs                      Op = 0x3ec
	OpF64x2Neg                      Op = 0x3ed
	OpF64x2Sqrt                     Op = 0x3ef
	OpF64x2Add                      Op = 0x3f0
	OpF64x2Sub                      Op = 0x3f1
	OpF64x2Mul                      Op = 0x3f2
	OpF64x2Div                      Op = 0x3f3
	OpF64x2Min                      Op = 0x3f4
	OpF64x2Max                      Op = 0x3f5
	OpF64x2Pmin                     Op = 0x3f6
	OpF64x2Pmax                     Op = 0x3f7
	OpI32x4TruncSatF32x4S           Op = 0x3f8
	OpI32x4TruncSatF32x4U           Op = 0x3f9
	OpF32x4ConvertI32x4S            Op = 0x3fa
	OpF32x4ConvertI32x4U            Op = 0x3fb
	OpI32x4TruncSatF64x2SZero       Op = 0x3fc
	OpI32x4TruncSatF64x2UZero       Op = 0x3fd
	OpF64x2ConvertLowI32x4S         Op = 0x3fe
	OpF64x2ConvertLowI32x4U         Op = 0x3ff
	OpI8x16RelaxedSwizzle           Op = 0x400
	OpI32x4RelaxedTruncF32x4S       Op = 0x401
	OpI32x4RelaxedTruncF32x4U       Op = 0x402
	OpI32x4RelaxedTruncF64x2SZero   Op = 0x403
	OpI32x4RelaxedTruncF64x2UZero   Op = 0x404
	OpF32x4RelaxedMadd              Op = 0x405
	OpF32x4RelaxedNmadd             Op = 0x406
	OpF64x2RelaxedMadd              Op = 0x407
	OpF64x2RelaxedNmadd             Op = 0x408
	OpI8x16RelaxedLaneselect        Op = 0x409
	OpI16x8RelaxedLaneselect        Op = 0x40a
	OpI32x4RelaxedLaneselect        Op = 0x40b
	OpI64x2RelaxedLaneselect        Op = 0x40c
	OpF32x4RelaxedMin               Op = 0x40d
	OpF32x4RelaxedMax               Op = 0x40e
	OpF64x2RelaxedMin               Op = 0x40f
	OpF64x2RelaxedMax               Op = 0x410
	OpI16x8RelaxedQ15mulrS          Op = 0x411
	OpI16x8RelaxedDotI8x16I7x16S    Op = 0x412
	OpI32x4RelaxedDotI8x16I7x16AddS Op = 0x413
	OpMemoryAtomicNotify            Op = 0x500
	OpMemoryAtomicWait32            Op = 0x501
	OpMemoryAtomicWait64            Op = 0x502
	OpAtomicFence                   Op = 0x503
	OpI32AtomicLoad                 Op = 0x510
	OpI64AtomicLoad                 Op = 0x511
	OpI32AtomicLoad8U               Op = 0x512
	OpI32AtomicLoad16U              Op = 0x513
	OpI64AtomicLoad8U               Op = 0x514
	OpI64AtomicLoad16U              Op = 0x515
	OpI64AtomicLoad32U              Op = 0x516
	OpI32AtomicStore                Op = 0x517
	OpI64AtomicStore                Op = 0x518
	OpI32AtomicStore8               Op = 0x519
	OpI32AtomicStore16              Op = 0x51a
	OpI64AtomicStore8               Op = 0x51b
	OpI64AtomicStore16              Op = 0x51c
	OpI64AtomicStore32              Op = 0x51d
	OpI32AtomicRmwAdd               Op = 0x51e
	OpI64AtomicRmwAdd               Op = 0x51f
	OpI32AtomicRmw8AddU             Op = 0x520
	OpI32AtomicRmw16AddU            Op = 0x521
	OpI64AtomicRmw8AddU             Op = 0x522
	OpI64AtomicRmw16AddU            Op = 0x523
	OpI64AtomicRmw32AddU            Op = 0x524
	OpI32AtomicRmwSub               Op = 0x525
	OpI64AtomicRmwSub               Op = 0x526
	OpI32AtomicRmw8SubU             Op = 0x527
	OpI32AtomicRmw16SubU            Op = 0x528
	OpI64AtomicRmw8SubU             Op = 0x529
	OpI64AtomicRmw16SubU            Op = 0x52a
	OpI64AtomicRmw32SubU            Op = 0x52b
	OpI32AtomicRmwAnd               Op = 0x52c
	OpI64AtomicRmwAnd               Op = 0x52d
	OpI32AtomicRmw8AndU             Op = 0x52e
	OpI32AtomicRmw16AndU            Op = 0x52f
	OpI64AtomicRmw8AndU             Op = 0x530
	OpI64AtomicRmw16AndU            Op = 0x531
	OpI64AtomicRmw32AndU            Op = 0x532
	OpI32AtomicRmwOr                Op = 0x533
	OpI64AtomicRmwOr                Op = 0x534
	OpI32AtomicRmw8OrU              Op = 0x535
	OpI32AtomicRmw16OrU             Op = 0x536
	OpI64AtomicRmw8OrU              Op = 0x537
	OpI64AtomicRmw16OrU             Op = 0x538
	OpI64AtomicRmw32OrU             Op = 0x539
	OpI32AtomicRmwXor               Op = 0x53a
	OpI64AtomicRmwXor               Op = 0x53b
	OpI32AtomicRmw8XorU             Op = 0x53c
	OpI32AtomicRmw16XorU            Op = 0x53d
	OpI64AtomicRmw8XorU             Op = 0x53e
	OpI64AtomicRmw16XorU            Op = 0x53f
	OpI64AtomicRmw32XorU            Op = 0x540
	OpI32AtomicRmwXchg              Op = 0x541
	OpI64AtomicRmwXchg              Op = 0x542
	OpI32AtomicRmw8XchgU            Op = 0x543
	OpI32AtomicRmw16XchgU           Op = 0x544
	OpI64AtomicRmw8XchgU            Op = 0x545
	OpI64AtomicRmw16XchgU           Op = 0x546
	OpI64AtomicRmw32XchgU           Op = 0x547
	OpI32AtomicRmwCmpxchg           Op = 0x548
	OpI64AtomicRmwCmpxchg           Op = 0x549
	OpI32AtomicRmw8CmpxchgU         Op = 0x54a
	OpI32AtomicRmw16CmpxchgU        Op = 0x54b
	OpI64AtomicRmw8CmpxchgU         Op = 0x54c
	OpI64AtomicRmw16CmpxchgU        Op = 0x54d
	OpI64AtomicRmw32CmpxchgU        Op = 0x54e
	OpGlobalAtomicGet               Op = 0x54f
	OpGlobalAtomicSet               Op = 0x550
	OpGlobalAtomicRmwAdd            Op = 0x551
	OpGlobalAtomicRmwSub            Op = 0x552
	OpGlobalAtomicRmwAnd            Op = 0x553
	OpGlobalAtomicRmwOr             Op = 0x554
	OpGlobalAtomicRmwXor            Op = 0x555
	OpGlobalAtomicRmwXchg           Op = 0x556
	OpGlobalAtomicRmwCmpxchg        Op = 0x557
	OpTableAtomicGet                Op = 0x558
	OpTableAtomicSet                Op = 0x559
	OpTableAtomicRmwXchg            Op = 0x55a
	OpTableAtomicRmwCmpxchg         Op = 0x55b
	OpStructAtomicGet               Op = 0x55c
	OpStructAtomicGetS              Op = 0x55d
	OpStructAtomicGetU              Op = 0x55e
	OpStructAtomicSet               Op = 0x55f
	OpStructAtomicRmwAdd            Op = 0x560
	OpStructAtomicRmwSub            Op = 0x561
	OpStructAtomicRmwAnd            Op = 0x562
	OpStructAtomicRmwOr             Op = 0x563
	OpStructAtomicRmwXor            Op = 0x564
	OpStructAtomicRmwXchg           Op = 0x565
	OpStructAtomicRmwCmpxchg        Op = 0x566
	OpArrayAtomicGet                Op = 0x567
	OpArrayAtomicGetS               Op = 0x568
	OpArrayAtomicGetU               Op = 0x569
	OpArrayAtomicSet                Op = 0x56a
	OpArrayAtomicRmwAdd             Op = 0x56b
	OpArrayAtomicRmwSub             Op = 0x56c
	OpArrayAtomicRmwAnd             Op = 0x56d
	OpArrayAtomicRmwOr              Op = 0x56e
	OpArrayAtomicRmwXor             Op = 0x56f
	OpArrayAtomicRmwXchg            Op = 0x570
	OpArrayAtomicRmwCmpxchg         Op = 0x571
	OpRefI31Shared                  Op = 0x572
)

// opTable describes the instructions, indexed by Op. A signature lists operands and results with
// one letter each: i, I, f, F and v are the number and vector types i32, i64, f32, f64 and v128,
// and a is the address type of the memory that the instruction names. An instruction without a
// signature has its own typing rule.
var opTable = [opLimit]OpInfo{
	OpUnreachable:                   {Name: "unreachable"},
	OpNop:                           {Name: "nop", Sig: ":"},
	OpBlock:                         {Name: "block", Imm: ImmBlock},
	OpLoop:                          {Name: "loop", Imm: ImmBlock},
	OpIf:                            {Name: "if", Imm: ImmBlock},
	OpElse:                          {Name: "else"},
	OpTry:                           {Name: "try", Imm: ImmBlock, Feature: feature.LegacyExceptions},
	OpCatch:                         {Name: "catch", Imm: ImmTag, Feature: feature.LegacyExceptions},
	OpThrow:                         {Name: "throw", Imm: ImmTag, Feature: feature.Exceptions},
	OpRethrow:                       {Name: "rethrow", Imm: ImmLabel, Feature: feature.LegacyExceptions},
	OpThrowRef:                      {Name: "throw_ref", Feature: feature.Exceptions},
	OpEnd:                           {Name: "end", Const: ConstBase},
	OpBr:                            {Name: "br", Imm: ImmLabel},
	OpBrIf:                          {Name: "br_if", Imm: ImmLabel},
	OpBrTable:                       {Name: "br_table", Imm: ImmLabels},
	OpReturn:                        {Name: "return"},
	OpCall:                          {Name: "call", Imm: ImmFunc},
	OpCallIndirect:                  {Name: "call_indirect", Imm: ImmTypeTable},
	OpReturnCall:                    {Name: "return_call", Imm: ImmFunc, Feature: feature.TailCall},
	OpReturnCallIndirect:            {Name: "return_call_indirect", Imm: ImmTypeTable, Feature: feature.TailCall},
	OpCallRef:                       {Name: "call_ref", Imm: ImmType, Feature: feature.FunctionReferences},
	OpReturnCallRef:                 {Name: "return_call_ref", Imm: ImmType, Feature: feature.FunctionReferences},
	OpDelegate:                      {Name: "delegate", Imm: ImmLabel, Feature: feature.LegacyExceptions},
	OpCatchAll:                      {Name: "catch_all", Feature: feature.LegacyExceptions},
	OpDrop:                          {Name: "drop"},
	OpSelect:                        {Name: "select"},
	OpSelectT:                       {Name: "select", Imm: ImmTypes, Feature: feature.ReferenceTypes},
	OpTryTable:                      {Name: "try_table", Imm: ImmTryTable, Feature: feature.Exceptions},
	OpLocalGet:                      {Name: "local.get", Imm: ImmLocal},
	OpLocalSet:                      {Name: "local.set", Imm: ImmLocal},
	OpLocalTee:                      {Name: "local.tee", Imm: ImmLocal},
	OpGlobalGet:                     {Name: "global.get", Imm: ImmGlobal, Const: ConstBase},
	OpGlobalSet:                     {Name: "global.set", Imm: ImmGlobal},
	OpTableGet:                      {Name: "table.get", Imm: ImmTable, Feature: feature.ReferenceTypes},
	OpTableSet:                      {Name: "table.set", Imm: ImmTable, Feature: feature.ReferenceTypes},
	OpI32Load:                       {Name: "i32.load", Imm: ImmMemArg, Sig: "a:i", Align: 2},
	OpI64Load:                       {Name: "i64.load", Imm: ImmMemArg, Sig: "a:I", Align: 3},
	OpF32Load:                       {Name: "f32.load", Imm: ImmMemArg, Sig: "a:f", Align: 2},
	OpF64Load:                       {Name: "f64.load", Imm: ImmMemArg, Sig: "a:F", Align: 3},
	OpI32Load8S:                     {Name: "i32.load8_s", Imm: ImmMemArg, Sig: "a:i"},
	OpI32Load8U:                     {Name: "i32.load8_u", Imm: ImmMemArg, Sig: "a:i"},
	OpI32Load16S:                    {Name: "i32.load16_s", Imm: ImmMemArg, Sig: "a:i", Align: 1},
	OpI32Load16U:                    {Name: "i32.load16_u", Imm: ImmMemArg, Sig: "a:i", Align: 1},
	OpI64Load8S:                     {Name: "i64.load8_s", Imm: ImmMemArg, Sig: "a:I"},
	OpI64Load8U:                     {Name: "i64.load8_u", Imm: ImmMemArg, Sig: "a:I"},
	OpI64Load16S:                    {Name: "i64.load16_s", Imm: ImmMemArg, Sig: "a:I", Align: 1},
	OpI64Load16U:                    {Name: "i64.load16_u", Imm: ImmMemArg, Sig: "a:I", Align: 1},
	OpI64Load32S:                    {Name: "i64.load32_s", Imm: ImmMemArg, Sig: "a:I", Align: 2},
	OpI64Load32U:                    {Name: "i64.load32_u", Imm: ImmMemArg, Sig: "a:I", Align: 2},
	OpI32Store:                      {Name: "i32.store", Imm: ImmMemArg, Sig: "ai:", Align: 2},
	OpI64Store:                      {Name: "i64.store", Imm: ImmMemArg, Sig: "aI:", Align: 3},
	OpF32Store:                      {Name: "f32.store", Imm: ImmMemArg, Sig: "af:", Align: 2},
	OpF64Store:                      {Name: "f64.store", Imm: ImmMemArg, Sig: "aF:", Align: 3},
	OpI32Store8:                     {Name: "i32.store8", Imm: ImmMemArg, Sig: "ai:"},
	OpI32Store16:                    {Name: "i32.store16", Imm: ImmMemArg, Sig: "ai:", Align: 1},
	OpI64Store8:                     {Name: "i64.store8", Imm: ImmMemArg, Sig: "aI:"},
	OpI64Store16:                    {Name: "i64.store16", Imm: ImmMemArg, Sig: "aI:", Align: 1},
	OpI64Store32:                    {Name: "i64.store32", Imm: ImmMemArg, Sig: "aI:", Align: 2},
	OpMemorySize:                    {Name: "memory.size", Imm: ImmMemory, Sig: ":a"},
	OpMemoryGrow:                    {Name: "memory.grow", Imm: ImmMemory, Sig: "a:a"},
	OpI32Const:                      {Name: "i32.const", Imm: ImmI32, Sig: ":i", Const: ConstBase},
	OpI64Const:                      {Name: "i64.const", Imm: ImmI64, Sig: ":I", Const: ConstBase},
	OpF32Const:                      {Name: "f32.const", Imm: ImmF32, Sig: ":f", Const: ConstBase},
	OpF64Const:                      {Name: "f64.const", Imm: ImmF64, Sig: ":F", Const: ConstBase},
	OpI32Eqz:                        {Name: "i32.eqz", Sig: "i:i"},
	OpI32Eq:                         {Name: "i32.eq", Sig: "ii:i"},
	OpI32Ne:                         {Name: "i32.ne", Sig: "ii:i"},
	OpI32LtS:                        {Name: "i32.lt_s", Sig: "ii:i"},
	OpI32LtU:                        {Name: "i32.lt_u", Sig: "ii:i"},
	OpI32GtS:                        {Name: "i32.gt_s", Sig: "ii:i"},
	OpI32GtU:                        {Name: "i32.gt_u", Sig: "ii:i"},
	OpI32LeS:                        {Name: "i32.le_s", Sig: "ii:i"},
	OpI32LeU:                        {Name: "i32.le_u", Sig: "ii:i"},
	OpI32GeS:                        {Name: "i32.ge_s", Sig: "ii:i"},
	OpI32GeU:                        {Name: "i32.ge_u", Sig: "ii:i"},
	OpI64Eqz:                        {Name: "i64.eqz", Sig: "I:i"},
	OpI64Eq:                         {Name: "i64.eq", Sig: "II:i"},
	OpI64Ne:                         {Name: "i64.ne", Sig: "II:i"},
	OpI64LtS:                        {Name: "i64.lt_s", Sig: "II:i"},
	OpI64LtU:                        {Name: "i64.lt_u", Sig: "II:i"},
	OpI64GtS:                        {Name: "i64.gt_s", Sig: "II:i"},
	OpI64GtU:                        {Name: "i64.gt_u", Sig: "II:i"},
	OpI64LeS:                        {Name: "i64.le_s", Sig: "II:i"},
	OpI64LeU:                        {Name: "i64.le_u", Sig: "II:i"},
	OpI64GeS:                        {Name: "i64.ge_s", Sig: "II:i"},
	OpI64GeU:                        {Name: "i64.ge_u", Sig: "II:i"},
	OpF32Eq:                         {Name: "f32.eq", Sig: "ff:i"},
	OpF32Ne:                         {Name: "f32.ne", Sig: "ff:i"},
	OpF32Lt:                         {Name: "f32.lt", Sig: "ff:i"},
	OpF32Gt:                         {Name: "f32.gt", Sig: "ff:i"},
	OpF32Le:                         {Name: "f32.le", Sig: "ff:i"},
	OpF32Ge:                         {Name: "f32.ge", Sig: "ff:i"},
	OpF64Eq:                         {Name: "f64.eq", Sig: "FF:i"},
	OpF64Ne:                         {Name: "f64.ne", Sig: "FF:i"},
	OpF64Lt:                         {Name: "f64.lt", Sig: "FF:i"},
	OpF64Gt:                         {Name: "f64.gt", Sig: "FF:i"},
	OpF64Le:                         {Name: "f64.le", Sig: "FF:i"},
	OpF64Ge:                         {Name: "f64.ge", Sig: "FF:i"},
	OpI32Clz:                        {Name: "i32.clz", Sig: "i:i"},
	OpI32Ctz:                        {Name: "i32.ctz", Sig: "i:i"},
	OpI32Popcnt:                     {Name: "i32.popcnt", Sig: "i:i"},
	OpI32Add:                        {Name: "i32.add", Sig: "ii:i", Const: ConstExtended},
	OpI32Sub:                        {Name: "i32.sub", Sig: "ii:i", Const: ConstExtended},
	OpI32Mul:                        {Name: "i32.mul", Sig: "ii:i", Const: ConstExtended},
	OpI32DivS:                       {Name: "i32.div_s", Sig: "ii:i"},
	OpI32DivU:                       {Name: "i32.div_u", Sig: "ii:i"},
	OpI32RemS:                       {Name: "i32.rem_s", Sig: "ii:i"},
	OpI32RemU:                       {Name: "i32.rem_u", Sig: "ii:i"},
	OpI32And:                        {Name: "i32.and", Sig: "ii:i"},
	OpI32Or:                         {Name: "i32.or", Sig: "ii:i"},
	OpI32Xor:                        {Name: "i32.xor", Sig: "ii:i"},
	OpI32Shl:                        {Name: "i32.shl", Sig: "ii:i"},
	OpI32ShrS:                       {Name: "i32.shr_s", Sig: "ii:i"},
	OpI32ShrU:                       {Name: "i32.shr_u", Sig: "ii:i"},
	OpI32Rotl:                       {Name: "i32.rotl", Sig: "ii:i"},
	OpI32Rotr:                       {Name: "i32.rotr", Sig: "ii:i"},
	OpI64Clz:                        {Name: "i64.clz", Sig: "I:I"},
	OpI64Ctz:                        {Name: "i64.ctz", Sig: "I:I"},
	OpI64Popcnt:                     {Name: "i64.popcnt", Sig: "I:I"},
	OpI64Add:                        {Name: "i64.add", Sig: "II:I", Const: ConstExtended},
	OpI64Sub:                        {Name: "i64.sub", Sig: "II:I", Const: ConstExtended},
	OpI64Mul:                        {Name: "i64.mul", Sig: "II:I", Const: ConstExtended},
	OpI64DivS:                       {Name: "i64.div_s", Sig: "II:I"},
	OpI64DivU:                       {Name: "i64.div_u", Sig: "II:I"},
	OpI64RemS:                       {Name: "i64.rem_s", Sig: "II:I"},
	OpI64RemU:                       {Name: "i64.rem_u", Sig: "II:I"},
	OpI64And:                        {Name: "i64.and", Sig: "II:I"},
	OpI64Or:                         {Name: "i64.or", Sig: "II:I"},
	OpI64Xor:                        {Name: "i64.xor", Sig: "II:I"},
	OpI64Shl:                        {Name: "i64.shl", Sig: "II:I"},
	OpI64ShrS:                       {Name: "i64.shr_s", Sig: "II:I"},
	OpI64ShrU:                       {Name: "i64.shr_u", Sig: "II:I"},
	OpI64Rotl:                       {Name: "i64.rotl", Sig: "II:I"},
	OpI64Rotr:                       {Name: "i64.rotr", Sig: "II:I"},
	OpF32Abs:                        {Name: "f32.abs", Sig: "f:f"},
	OpF32Neg:                        {Name: "f32.neg", Sig: "f:f"},
	OpF32Ceil:                       {Name: "f32.ceil", Sig: "f:f"},
	OpF32Floor:                      {Name: "f32.floor", Sig: "f:f"},
	OpF32Trunc:                      {Name: "f32.trunc", Sig: "f:f"},
	OpF32Nearest:                    {Name: "f32.nearest", Sig: "f:f"},
	OpF32Sqrt:                       {Name: "f32.sqrt", Sig: "f:f"},
	OpF32Add:                        {Name: "f32.add", Sig: "ff:f"},
	OpF32Sub:                        {Name: "f32.sub", Sig: "ff:f"},
	OpF32Mul:                        {Name: "f32.mul", Sig: "ff:f"},
	OpF32Div:                        {Name: "f32.div", Sig: "ff:f"},
	OpF32Min:                        {Name: "f32.min", Sig: "ff:f"},
	OpF32Max:                        {Name: "f32.max", Sig: "ff:f"},
	OpF32Copysign:                   {Name: "f32.copysign", Sig: "ff:f"},
	OpF64Abs:                        {Name: "f64.abs", Sig: "F:F"},
	OpF64Neg:                        {Name: "f64.neg", Sig: "F:F"},
	OpF64Ceil:                       {Name: "f64.ceil", Sig: "F:F"},
	OpF64Floor:                      {Name: "f64.floor", Sig: "F:F"},
	OpF64Trunc:                      {Name: "f64.trunc", Sig: "F:F"},
	OpF64Nearest:                    {Name: "f64.nearest", Sig: "F:F"},
	OpF64Sqrt:                       {Name: "f64.sqrt", Sig: "F:F"},
	OpF64Add:                        {Name: "f64.add", Sig: "FF:F"},
	OpF64Sub:                        {Name: "f64.sub", Sig: "FF:F"},
	OpF64Mul:                        {Name: "f64.mul", Sig: "FF:F"},
	OpF64Div:                        {Name: "f64.div", Sig: "FF:F"},
	OpF64Min:                        {Name: "f64.min", Sig: "FF:F"},
	OpF64Max:                        {Name: "f64.max", Sig: "FF:F"},
	OpF64Copysign:                   {Name: "f64.copysign", Sig: "FF:F"},
	OpI32WrapI64:                    {Name: "i32.wrap_i64", Sig: "I:i"},
	OpI32TruncF32S:                  {Name: "i32.trunc_f32_s", Sig: "f:i"},
	OpI32TruncF32U:                  {Name: "i32.trunc_f32_u", Sig: "f:i"},
	OpI32TruncF64S:                  {Name: "i32.trunc_f64_s", Sig: "F:i"},
	OpI32TruncF64U:                  {Name: "i32.trunc_f64_u", Sig: "F:i"},
	OpI64ExtendI32S:                 {Name: "i64.extend_i32_s", Sig: "i:I"},
	OpI64ExtendI32U:                 {Name: "i64.extend_i32_u", Sig: "i:I"},
	OpI64TruncF32S:                  {Name: "i64.trunc_f32_s", Sig: "f:I"},
	OpI64TruncF32U:                  {Name: "i64.trunc_f32_u", Sig: "f:I"},
	OpI64TruncF64S:                  {Name: "i64.trunc_f64_s", Sig: "F:I"},
	OpI64TruncF64U:                  {Name: "i64.trunc_f64_u", Sig: "F:I"},
	OpF32ConvertI32S:                {Name: "f32.convert_i32_s", Sig: "i:f"},
	OpF32ConvertI32U:                {Name: "f32.convert_i32_u", Sig: "i:f"},
	OpF32ConvertI64S:                {Name: "f32.convert_i64_s", Sig: "I:f"},
	OpF32ConvertI64U:                {Name: "f32.convert_i64_u", Sig: "I:f"},
	OpF32DemoteF64:                  {Name: "f32.demote_f64", Sig: "F:f"},
	OpF64ConvertI32S:                {Name: "f64.convert_i32_s", Sig: "i:F"},
	OpF64ConvertI32U:                {Name: "f64.convert_i32_u", Sig: "i:F"},
	OpF64ConvertI64S:                {Name: "f64.convert_i64_s", Sig: "I:F"},
	OpF64ConvertI64U:                {Name: "f64.convert_i64_u", Sig: "I:F"},
	OpF64PromoteF32:                 {Name: "f64.promote_f32", Sig: "f:F"},
	OpI32ReinterpretF32:             {Name: "i32.reinterpret_f32", Sig: "f:i"},
	OpI64ReinterpretF64:             {Name: "i64.reinterpret_f64", Sig: "F:I"},
	OpF32ReinterpretI32:             {Name: "f32.reinterpret_i32", Sig: "i:f"},
	OpF64ReinterpretI64:             {Name: "f64.reinterpret_i64", Sig: "I:F"},
	OpI32Extend8S:                   {Name: "i32.extend8_s", Sig: "i:i", Feature: feature.SignExtension},
	OpI32Extend16S:                  {Name: "i32.extend16_s", Sig: "i:i", Feature: feature.SignExtension},
	OpI64Extend8S:                   {Name: "i64.extend8_s", Sig: "I:I", Feature: feature.SignExtension},
	OpI64Extend16S:                  {Name: "i64.extend16_s", Sig: "I:I", Feature: feature.SignExtension},
	OpI64Extend32S:                  {Name: "i64.extend32_s", Sig: "I:I", Feature: feature.SignExtension},
	OpRefNull:                       {Name: "ref.null", Imm: ImmHeap, Const: ConstBase, Feature: feature.ReferenceTypes},
	OpRefIsNull:                     {Name: "ref.is_null", Feature: feature.ReferenceTypes},
	OpRefFunc:                       {Name: "ref.func", Imm: ImmFunc, Const: ConstBase, Feature: feature.ReferenceTypes},
	OpRefEq:                         {Name: "ref.eq", Feature: feature.GC},
	OpRefAsNonNull:                  {Name: "ref.as_non_null", Feature: feature.FunctionReferences},
	OpBrOnNull:                      {Name: "br_on_null", Imm: ImmLabel, Feature: feature.FunctionReferences},
	OpBrOnNonNull:                   {Name: "br_on_non_null", Imm: ImmLabel, Feature: feature.FunctionReferences},
	OpContNew:                       {Name: "cont.new", Imm: ImmType, Feature: feature.StackSwitching},
	OpContBind:                      {Name: "cont.bind", Imm: ImmType2, Feature: feature.StackSwitching},
	OpSuspend:                       {Name: "suspend", Imm: ImmTag, Feature: feature.StackSwitching},
	OpResume:                        {Name: "resume", Imm: ImmResume, Feature: feature.StackSwitching},
	OpResumeThrow:                   {Name: "resume_throw", Imm: ImmResumeThrow, Feature: feature.StackSwitching},
	OpResumeThrowRef:                {Name: "resume_throw_ref", Imm: ImmResume, Feature: feature.StackSwitching},
	OpSwitch:                        {Name: "switch", Imm: ImmTypeTag, Feature: feature.StackSwitching},
	OpStructNew:                     {Name: "struct.new", Imm: ImmType, Const: ConstGC, Feature: feature.GC},
	OpStructNewDefault:              {Name: "struct.new_default", Imm: ImmType, Const: ConstGC, Feature: feature.GC},
	OpStructGet:                     {Name: "struct.get", Imm: ImmTypeField, Feature: feature.GC},
	OpStructGetS:                    {Name: "struct.get_s", Imm: ImmTypeField, Feature: feature.GC},
	OpStructGetU:                    {Name: "struct.get_u", Imm: ImmTypeField, Feature: feature.GC},
	OpStructSet:                     {Name: "struct.set", Imm: ImmTypeField, Feature: feature.GC},
	OpArrayNew:                      {Name: "array.new", Imm: ImmType, Const: ConstGC, Feature: feature.GC},
	OpArrayNewDefault:               {Name: "array.new_default", Imm: ImmType, Const: ConstGC, Feature: feature.GC},
	OpArrayNewFixed:                 {Name: "array.new_fixed", Imm: ImmTypeCount, Const: ConstGC, Feature: feature.GC},
	OpArrayNewData:                  {Name: "array.new_data", Imm: ImmTypeData, Feature: feature.GC},
	OpArrayNewElem:                  {Name: "array.new_elem", Imm: ImmTypeElem, Feature: feature.GC},
	OpArrayGet:                      {Name: "array.get", Imm: ImmType, Feature: feature.GC},
	OpArrayGetS:                     {Name: "array.get_s", Imm: ImmType, Feature: feature.GC},
	OpArrayGetU:                     {Name: "array.get_u", Imm: ImmType, Feature: feature.GC},
	OpArraySet:                      {Name: "array.set", Imm: ImmType, Feature: feature.GC},
	OpArrayLen:                      {Name: "array.len", Feature: feature.GC},
	OpArrayFill:                     {Name: "array.fill", Imm: ImmType, Feature: feature.GC},
	OpArrayCopy:                     {Name: "array.copy", Imm: ImmType2, Feature: feature.GC},
	OpArrayInitData:                 {Name: "array.init_data", Imm: ImmTypeData, Feature: feature.GC},
	OpArrayInitElem:                 {Name: "array.init_elem", Imm: ImmTypeElem, Feature: feature.GC},
	OpRefTest:                       {Name: "ref.test", Imm: ImmHeap, Feature: feature.GC},
	OpRefTestNull:                   {Name: "ref.test", Imm: ImmHeap, Feature: feature.GC},
	OpRefCast:                       {Name: "ref.cast", Imm: ImmHeap, Feature: feature.GC},
	OpRefCastNull:                   {Name: "ref.cast", Imm: ImmHeap, Feature: feature.GC},
	OpBrOnCast:                      {Name: "br_on_cast", Imm: ImmCast, Feature: feature.GC},
	OpBrOnCastFail:                  {Name: "br_on_cast_fail", Imm: ImmCast, Feature: feature.GC},
	OpAnyConvertExtern:              {Name: "any.convert_extern", Const: ConstGC, Feature: feature.GC},
	OpExternConvertAny:              {Name: "extern.convert_any", Const: ConstGC, Feature: feature.GC},
	OpRefI31:                        {Name: "ref.i31", Const: ConstGC, Feature: feature.GC},
	OpI31GetS:                       {Name: "i31.get_s", Feature: feature.GC},
	OpI31GetU:                       {Name: "i31.get_u", Feature: feature.GC},
	OpI32TruncSatF32S:               {Name: "i32.trunc_sat_f32_s", Sig: "f:i", Feature: feature.SaturatingFloatToInt},
	OpI32TruncSatF32U:               {Name: "i32.trunc_sat_f32_u", Sig: "f:i", Feature: feature.SaturatingFloatToInt},
	OpI32TruncSatF64S:               {Name: "i32.trunc_sat_f64_s", Sig: "F:i", Feature: feature.SaturatingFloatToInt},
	OpI32TruncSatF64U:               {Name: "i32.trunc_sat_f64_u", Sig: "F:i", Feature: feature.SaturatingFloatToInt},
	OpI64TruncSatF32S:               {Name: "i64.trunc_sat_f32_s", Sig: "f:I", Feature: feature.SaturatingFloatToInt},
	OpI64TruncSatF32U:               {Name: "i64.trunc_sat_f32_u", Sig: "f:I", Feature: feature.SaturatingFloatToInt},
	OpI64TruncSatF64S:               {Name: "i64.trunc_sat_f64_s", Sig: "F:I", Feature: feature.SaturatingFloatToInt},
	OpI64TruncSatF64U:               {Name: "i64.trunc_sat_f64_u", Sig: "F:I", Feature: feature.SaturatingFloatToInt},
	OpMemoryInit:                    {Name: "memory.init", Imm: ImmDataMemory, Sig: "aii:", Feature: feature.BulkMemory},
	OpDataDrop:                      {Name: "data.drop", Imm: ImmData, Sig: ":", Feature: feature.BulkMemory},
	OpMemoryCopy:                    {Name: "memory.copy", Imm: ImmMemory2, Feature: feature.BulkMemoryOpt},
	OpMemoryFill:                    {Name: "memory.fill", Imm: ImmMemory, Sig: "aia:", Feature: feature.BulkMemoryOpt},
	OpTableInit:                     {Name: "table.init", Imm: ImmElemTable, Feature: feature.BulkMemory},
	OpElemDrop:                      {Name: "elem.drop", Imm: ImmElem, Sig: ":", Feature: feature.BulkMemory},
	OpTableCopy:                     {Name: "table.copy", Imm: ImmTable2, Feature: feature.BulkMemory},
	OpTableGrow:                     {Name: "table.grow", Imm: ImmTable, Feature: feature.ReferenceTypes},
	OpTableSize:                     {Name: "table.size", Imm: ImmTable, Feature: feature.ReferenceTypes},
	OpTableFill:                     {Name: "table.fill", Imm: ImmTable, Feature: feature.ReferenceTypes},
	OpMemoryDiscard:                 {Name: "memory.discard", Imm: ImmMemory, Sig: "aa:", Feature: feature.MemoryControl},
	OpI64Add128:                     {Name: "i64.add128", Sig: "IIII:II", Feature: feature.WideArithmetic},
	OpI64Sub128:                     {Name: "i64.sub128", Sig: "IIII:II", Feature: feature.WideArithmetic},
	OpI64MulWideS:                   {Name: "i64.mul_wide_s", Sig: "II:II", Feature: feature.WideArithmetic},
	OpI64MulWideU:                   {Name: "i64.mul_wide_u", Sig: "II:II", Feature: feature.WideArithmetic},
	OpV128Load:                      {Name: "v128.load", Imm: ImmMemArg, Sig: "a:v", Align: 4, Feature: feature.SIMD},
	OpV128Load8x8S:                  {Name: "v128.load8x8_s", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load8x8U:                  {Name: "v128.load8x8_u", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load16x4S:                 {Name: "v128.load16x4_s", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load16x4U:                 {Name: "v128.load16x4_u", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load32x2S:                 {Name: "v128.load32x2_s", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load32x2U:                 {Name: "v128.load32x2_u", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Load8Splat:                {Name: "v128.load8_splat", Imm: ImmMemArg, Sig: "a:v", Feature: feature.SIMD},
	OpV128Load16Splat:               {Name: "v128.load16_splat", Imm: ImmMemArg, Sig: "a:v", Align: 1, Feature: feature.SIMD},
	OpV128Load32Splat:               {Name: "v128.load32_splat", Imm: ImmMemArg, Sig: "a:v", Align: 2, Feature: feature.SIMD},
	OpV128Load64Splat:               {Name: "v128.load64_splat", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpV128Store:                     {Name: "v128.store", Imm: ImmMemArg, Sig: "av:", Align: 4, Feature: feature.SIMD},
	OpV128Const:                     {Name: "v128.const", Imm: ImmV128, Sig: ":v", Const: ConstBase, Feature: feature.SIMD},
	OpI8x16Shuffle:                  {Name: "i8x16.shuffle", Imm: ImmShuffle, Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16Swizzle:                  {Name: "i8x16.swizzle", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16Splat:                    {Name: "i8x16.splat", Sig: "i:v", Feature: feature.SIMD},
	OpI16x8Splat:                    {Name: "i16x8.splat", Sig: "i:v", Feature: feature.SIMD},
	OpI32x4Splat:                    {Name: "i32x4.splat", Sig: "i:v", Feature: feature.SIMD},
	OpI64x2Splat:                    {Name: "i64x2.splat", Sig: "I:v", Feature: feature.SIMD},
	OpF32x4Splat:                    {Name: "f32x4.splat", Sig: "f:v", Feature: feature.SIMD},
	OpF64x2Splat:                    {Name: "f64x2.splat", Sig: "F:v", Feature: feature.SIMD},
	OpI8x16ExtractLaneS:             {Name: "i8x16.extract_lane_s", Imm: ImmLane, Sig: "v:i", Feature: feature.SIMD},
	OpI8x16ExtractLaneU:             {Name: "i8x16.extract_lane_u", Imm: ImmLane, Sig: "v:i", Feature: feature.SIMD},
	OpI8x16ReplaceLane:              {Name: "i8x16.replace_lane", Imm: ImmLane, Sig: "vi:v", Feature: feature.SIMD},
	OpI16x8ExtractLaneS:             {Name: "i16x8.extract_lane_s", Imm: ImmLane, Sig: "v:i", Feature: feature.SIMD},
	OpI16x8ExtractLaneU:             {Name: "i16x8.extract_lane_u", Imm: ImmLane, Sig: "v:i", Feature: feature.SIMD},
	OpI16x8ReplaceLane:              {Name: "i16x8.replace_lane", Imm: ImmLane, Sig: "vi:v", Feature: feature.SIMD},
	OpI32x4ExtractLane:              {Name: "i32x4.extract_lane", Imm: ImmLane, Sig: "v:i", Feature: feature.SIMD},
	OpI32x4ReplaceLane:              {Name: "i32x4.replace_lane", Imm: ImmLane, Sig: "vi:v", Feature: feature.SIMD},
	OpI64x2ExtractLane:              {Name: "i64x2.extract_lane", Imm: ImmLane, Sig: "v:I", Feature: feature.SIMD},
	OpI64x2ReplaceLane:              {Name: "i64x2.replace_lane", Imm: ImmLane, Sig: "vI:v", Feature: feature.SIMD},
	OpF32x4ExtractLane:              {Name: "f32x4.extract_lane", Imm: ImmLane, Sig: "v:f", Feature: feature.SIMD},
	OpF32x4ReplaceLane:              {Name: "f32x4.replace_lane", Imm: ImmLane, Sig: "vf:v", Feature: feature.SIMD},
	OpF64x2ExtractLane:              {Name: "f64x2.extract_lane", Imm: ImmLane, Sig: "v:F", Feature: feature.SIMD},
	OpF64x2ReplaceLane:              {Name: "f64x2.replace_lane", Imm: ImmLane, Sig: "vF:v", Feature: feature.SIMD},
	OpI8x16Eq:                       {Name: "i8x16.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16Ne:                       {Name: "i8x16.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16LtS:                      {Name: "i8x16.lt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16LtU:                      {Name: "i8x16.lt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16GtS:                      {Name: "i8x16.gt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16GtU:                      {Name: "i8x16.gt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16LeS:                      {Name: "i8x16.le_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16LeU:                      {Name: "i8x16.le_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16GeS:                      {Name: "i8x16.ge_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16GeU:                      {Name: "i8x16.ge_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8Eq:                       {Name: "i16x8.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8Ne:                       {Name: "i16x8.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8LtS:                      {Name: "i16x8.lt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8LtU:                      {Name: "i16x8.lt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8GtS:                      {Name: "i16x8.gt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8GtU:                      {Name: "i16x8.gt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8LeS:                      {Name: "i16x8.le_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8LeU:                      {Name: "i16x8.le_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8GeS:                      {Name: "i16x8.ge_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8GeU:                      {Name: "i16x8.ge_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4Eq:                       {Name: "i32x4.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4Ne:                       {Name: "i32x4.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4LtS:                      {Name: "i32x4.lt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4LtU:                      {Name: "i32x4.lt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4GtS:                      {Name: "i32x4.gt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4GtU:                      {Name: "i32x4.gt_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4LeS:                      {Name: "i32x4.le_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4LeU:                      {Name: "i32x4.le_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4GeS:                      {Name: "i32x4.ge_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4GeU:                      {Name: "i32x4.ge_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Eq:                       {Name: "f32x4.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Ne:                       {Name: "f32x4.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Lt:                       {Name: "f32x4.lt", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Gt:                       {Name: "f32x4.gt", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Le:                       {Name: "f32x4.le", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Ge:                       {Name: "f32x4.ge", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Eq:                       {Name: "f64x2.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Ne:                       {Name: "f64x2.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Lt:                       {Name: "f64x2.lt", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Gt:                       {Name: "f64x2.gt", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Le:                       {Name: "f64x2.le", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Ge:                       {Name: "f64x2.ge", Sig: "vv:v", Feature: feature.SIMD},
	OpV128Not:                       {Name: "v128.not", Sig: "v:v", Feature: feature.SIMD},
	OpV128And:                       {Name: "v128.and", Sig: "vv:v", Feature: feature.SIMD},
	OpV128Andnot:                    {Name: "v128.andnot", Sig: "vv:v", Feature: feature.SIMD},
	OpV128Or:                        {Name: "v128.or", Sig: "vv:v", Feature: feature.SIMD},
	OpV128Xor:                       {Name: "v128.xor", Sig: "vv:v", Feature: feature.SIMD},
	OpV128Bitselect:                 {Name: "v128.bitselect", Sig: "vvv:v", Feature: feature.SIMD},
	OpV128AnyTrue:                   {Name: "v128.any_true", Sig: "v:i", Feature: feature.SIMD},
	OpV128Load8Lane:                 {Name: "v128.load8_lane", Imm: ImmMemArgLane, Sig: "av:v", Feature: feature.SIMD},
	OpV128Load16Lane:                {Name: "v128.load16_lane", Imm: ImmMemArgLane, Sig: "av:v", Align: 1, Feature: feature.SIMD},
	OpV128Load32Lane:                {Name: "v128.load32_lane", Imm: ImmMemArgLane, Sig: "av:v", Align: 2, Feature: feature.SIMD},
	OpV128Load64Lane:                {Name: "v128.load64_lane", Imm: ImmMemArgLane, Sig: "av:v", Align: 3, Feature: feature.SIMD},
	OpV128Store8Lane:                {Name: "v128.store8_lane", Imm: ImmMemArgLane, Sig: "av:", Feature: feature.SIMD},
	OpV128Store16Lane:               {Name: "v128.store16_lane", Imm: ImmMemArgLane, Sig: "av:", Align: 1, Feature: feature.SIMD},
	OpV128Store32Lane:               {Name: "v128.store32_lane", Imm: ImmMemArgLane, Sig: "av:", Align: 2, Feature: feature.SIMD},
	OpV128Store64Lane:               {Name: "v128.store64_lane", Imm: ImmMemArgLane, Sig: "av:", Align: 3, Feature: feature.SIMD},
	OpV128Load32Zero:                {Name: "v128.load32_zero", Imm: ImmMemArg, Sig: "a:v", Align: 2, Feature: feature.SIMD},
	OpV128Load64Zero:                {Name: "v128.load64_zero", Imm: ImmMemArg, Sig: "a:v", Align: 3, Feature: feature.SIMD},
	OpF32x4DemoteF64x2Zero:          {Name: "f32x4.demote_f64x2_zero", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2PromoteLowF32x4:          {Name: "f64x2.promote_low_f32x4", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16Abs:                      {Name: "i8x16.abs", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16Neg:                      {Name: "i8x16.neg", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16Popcnt:                   {Name: "i8x16.popcnt", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16AllTrue:                  {Name: "i8x16.all_true", Sig: "v:i", Feature: feature.SIMD},
	OpI8x16Bitmask:                  {Name: "i8x16.bitmask", Sig: "v:i", Feature: feature.SIMD},
	OpI8x16NarrowI16x8S:             {Name: "i8x16.narrow_i16x8_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16NarrowI16x8U:             {Name: "i8x16.narrow_i16x8_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Ceil:                     {Name: "f32x4.ceil", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Floor:                    {Name: "f32x4.floor", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Trunc:                    {Name: "f32x4.trunc", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Nearest:                  {Name: "f32x4.nearest", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16Shl:                      {Name: "i8x16.shl", Sig: "vi:v", Feature: feature.SIMD},
	OpI8x16ShrS:                     {Name: "i8x16.shr_s", Sig: "vi:v", Feature: feature.SIMD},
	OpI8x16ShrU:                     {Name: "i8x16.shr_u", Sig: "vi:v", Feature: feature.SIMD},
	OpI8x16Add:                      {Name: "i8x16.add", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16AddSatS:                  {Name: "i8x16.add_sat_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16AddSatU:                  {Name: "i8x16.add_sat_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16Sub:                      {Name: "i8x16.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16SubSatS:                  {Name: "i8x16.sub_sat_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16SubSatU:                  {Name: "i8x16.sub_sat_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Ceil:                     {Name: "f64x2.ceil", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2Floor:                    {Name: "f64x2.floor", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16MinS:                     {Name: "i8x16.min_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16MinU:                     {Name: "i8x16.min_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16MaxS:                     {Name: "i8x16.max_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI8x16MaxU:                     {Name: "i8x16.max_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Trunc:                    {Name: "f64x2.trunc", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16AvgrU:                    {Name: "i8x16.avgr_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtaddPairwiseI8x16S:     {Name: "i16x8.extadd_pairwise_i8x16_s", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8ExtaddPairwiseI8x16U:     {Name: "i16x8.extadd_pairwise_i8x16_u", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4ExtaddPairwiseI16x8S:     {Name: "i32x4.extadd_pairwise_i16x8_s", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4ExtaddPairwiseI16x8U:     {Name: "i32x4.extadd_pairwise_i16x8_u", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8Abs:                      {Name: "i16x8.abs", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8Neg:                      {Name: "i16x8.neg", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8Q15mulrSatS:              {Name: "i16x8.q15mulr_sat_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8AllTrue:                  {Name: "i16x8.all_true", Sig: "v:i", Feature: feature.SIMD},
	OpI16x8Bitmask:                  {Name: "i16x8.bitmask", Sig: "v:i", Feature: feature.SIMD},
	OpI16x8NarrowI32x4S:             {Name: "i16x8.narrow_i32x4_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8NarrowI32x4U:             {Name: "i16x8.narrow_i32x4_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtendLowI8x16S:          {Name: "i16x8.extend_low_i8x16_s", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8ExtendHighI8x16S:         {Name: "i16x8.extend_high_i8x16_s", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8ExtendLowI8x16U:          {Name: "i16x8.extend_low_i8x16_u", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8ExtendHighI8x16U:         {Name: "i16x8.extend_high_i8x16_u", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8Shl:                      {Name: "i16x8.shl", Sig: "vi:v", Feature: feature.SIMD},
	OpI16x8ShrS:                     {Name: "i16x8.shr_s", Sig: "vi:v", Feature: feature.SIMD},
	OpI16x8ShrU:                     {Name: "i16x8.shr_u", Sig: "vi:v", Feature: feature.SIMD},
	OpI16x8Add:                      {Name: "i16x8.add", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8AddSatS:                  {Name: "i16x8.add_sat_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8AddSatU:                  {Name: "i16x8.add_sat_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8Sub:                      {Name: "i16x8.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8SubSatS:                  {Name: "i16x8.sub_sat_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8SubSatU:                  {Name: "i16x8.sub_sat_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Nearest:                  {Name: "f64x2.nearest", Sig: "v:v", Feature: feature.SIMD},
	OpI16x8Mul:                      {Name: "i16x8.mul", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8MinS:                     {Name: "i16x8.min_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8MinU:                     {Name: "i16x8.min_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8MaxS:                     {Name: "i16x8.max_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8MaxU:                     {Name: "i16x8.max_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8AvgrU:                    {Name: "i16x8.avgr_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtmulLowI8x16S:          {Name: "i16x8.extmul_low_i8x16_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtmulHighI8x16S:         {Name: "i16x8.extmul_high_i8x16_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtmulLowI8x16U:          {Name: "i16x8.extmul_low_i8x16_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI16x8ExtmulHighI8x16U:         {Name: "i16x8.extmul_high_i8x16_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4Abs:                      {Name: "i32x4.abs", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4Neg:                      {Name: "i32x4.neg", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4AllTrue:                  {Name: "i32x4.all_true", Sig: "v:i", Feature: feature.SIMD},
	OpI32x4Bitmask:                  {Name: "i32x4.bitmask", Sig: "v:i", Feature: feature.SIMD},
	OpI32x4ExtendLowI16x8S:          {Name: "i32x4.extend_low_i16x8_s", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4ExtendHighI16x8S:         {Name: "i32x4.extend_high_i16x8_s", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4ExtendLowI16x8U:          {Name: "i32x4.extend_low_i16x8_u", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4ExtendHighI16x8U:         {Name: "i32x4.extend_high_i16x8_u", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4Shl:                      {Name: "i32x4.shl", Sig: "vi:v", Feature: feature.SIMD},
	OpI32x4ShrS:                     {Name: "i32x4.shr_s", Sig: "vi:v", Feature: feature.SIMD},
	OpI32x4ShrU:                     {Name: "i32x4.shr_u", Sig: "vi:v", Feature: feature.SIMD},
	OpI32x4Add:                      {Name: "i32x4.add", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4Sub:                      {Name: "i32x4.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4Mul:                      {Name: "i32x4.mul", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4MinS:                     {Name: "i32x4.min_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4MinU:                     {Name: "i32x4.min_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4MaxS:                     {Name: "i32x4.max_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4MaxU:                     {Name: "i32x4.max_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4DotI16x8S:                {Name: "i32x4.dot_i16x8_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4ExtmulLowI16x8S:          {Name: "i32x4.extmul_low_i16x8_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4ExtmulHighI16x8S:         {Name: "i32x4.extmul_high_i16x8_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4ExtmulLowI16x8U:          {Name: "i32x4.extmul_low_i16x8_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4ExtmulHighI16x8U:         {Name: "i32x4.extmul_high_i16x8_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2Abs:                      {Name: "i64x2.abs", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2Neg:                      {Name: "i64x2.neg", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2AllTrue:                  {Name: "i64x2.all_true", Sig: "v:i", Feature: feature.SIMD},
	OpI64x2Bitmask:                  {Name: "i64x2.bitmask", Sig: "v:i", Feature: feature.SIMD},
	OpI64x2ExtendLowI32x4S:          {Name: "i64x2.extend_low_i32x4_s", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2ExtendHighI32x4S:         {Name: "i64x2.extend_high_i32x4_s", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2ExtendLowI32x4U:          {Name: "i64x2.extend_low_i32x4_u", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2ExtendHighI32x4U:         {Name: "i64x2.extend_high_i32x4_u", Sig: "v:v", Feature: feature.SIMD},
	OpI64x2Shl:                      {Name: "i64x2.shl", Sig: "vi:v", Feature: feature.SIMD},
	OpI64x2ShrS:                     {Name: "i64x2.shr_s", Sig: "vi:v", Feature: feature.SIMD},
	OpI64x2ShrU:                     {Name: "i64x2.shr_u", Sig: "vi:v", Feature: feature.SIMD},
	OpI64x2Add:                      {Name: "i64x2.add", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2Sub:                      {Name: "i64x2.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2Mul:                      {Name: "i64x2.mul", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2Eq:                       {Name: "i64x2.eq", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2Ne:                       {Name: "i64x2.ne", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2LtS:                      {Name: "i64x2.lt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2GtS:                      {Name: "i64x2.gt_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2LeS:                      {Name: "i64x2.le_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2GeS:                      {Name: "i64x2.ge_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2ExtmulLowI32x4S:          {Name: "i64x2.extmul_low_i32x4_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2ExtmulHighI32x4S:         {Name: "i64x2.extmul_high_i32x4_s", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2ExtmulLowI32x4U:          {Name: "i64x2.extmul_low_i32x4_u", Sig: "vv:v", Feature: feature.SIMD},
	OpI64x2ExtmulHighI32x4U:         {Name: "i64x2.extmul_high_i32x4_u", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Abs:                      {Name: "f32x4.abs", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Neg:                      {Name: "f32x4.neg", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Sqrt:                     {Name: "f32x4.sqrt", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4Add:                      {Name: "f32x4.add", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Sub:                      {Name: "f32x4.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Mul:                      {Name: "f32x4.mul", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Div:                      {Name: "f32x4.div", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Min:                      {Name: "f32x4.min", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Max:                      {Name: "f32x4.max", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Pmin:                     {Name: "f32x4.pmin", Sig: "vv:v", Feature: feature.SIMD},
	OpF32x4Pmax:                     {Name: "f32x4.pmax", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Abs:                      {Name: "f64x2.abs", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2Neg:                      {Name: "f64x2.neg", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2Sqrt:                     {Name: "f64x2.sqrt", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2Add:                      {Name: "f64x2.add", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Sub:                      {Name: "f64x2.sub", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Mul:                      {Name: "f64x2.mul", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Div:                      {Name: "f64x2.div", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Min:                      {Name: "f64x2.min", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Max:                      {Name: "f64x2.max", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Pmin:                     {Name: "f64x2.pmin", Sig: "vv:v", Feature: feature.SIMD},
	OpF64x2Pmax:                     {Name: "f64x2.pmax", Sig: "vv:v", Feature: feature.SIMD},
	OpI32x4TruncSatF32x4S:           {Name: "i32x4.trunc_sat_f32x4_s", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4TruncSatF32x4U:           {Name: "i32x4.trunc_sat_f32x4_u", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4ConvertI32x4S:            {Name: "f32x4.convert_i32x4_s", Sig: "v:v", Feature: feature.SIMD},
	OpF32x4ConvertI32x4U:            {Name: "f32x4.convert_i32x4_u", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4TruncSatF64x2SZero:       {Name: "i32x4.trunc_sat_f64x2_s_zero", Sig: "v:v", Feature: feature.SIMD},
	OpI32x4TruncSatF64x2UZero:       {Name: "i32x4.trunc_sat_f64x2_u_zero", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2ConvertLowI32x4S:         {Name: "f64x2.convert_low_i32x4_s", Sig: "v:v", Feature: feature.SIMD},
	OpF64x2ConvertLowI32x4U:         {Name: "f64x2.convert_low_i32x4_u", Sig: "v:v", Feature: feature.SIMD},
	OpI8x16RelaxedSwizzle:           {Name: "i8x16.relaxed_swizzle", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedTruncF32x4S:       {Name: "i32x4.relaxed_trunc_f32x4_s", Sig: "v:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedTruncF32x4U:       {Name: "i32x4.relaxed_trunc_f32x4_u", Sig: "v:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedTruncF64x2SZero:   {Name: "i32x4.relaxed_trunc_f64x2_s_zero", Sig: "v:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedTruncF64x2UZero:   {Name: "i32x4.relaxed_trunc_f64x2_u_zero", Sig: "v:v", Feature: feature.RelaxedSIMD},
	OpF32x4RelaxedMadd:              {Name: "f32x4.relaxed_madd", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpF32x4RelaxedNmadd:             {Name: "f32x4.relaxed_nmadd", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpF64x2RelaxedMadd:              {Name: "f64x2.relaxed_madd", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpF64x2RelaxedNmadd:             {Name: "f64x2.relaxed_nmadd", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpI8x16RelaxedLaneselect:        {Name: "i8x16.relaxed_laneselect", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpI16x8RelaxedLaneselect:        {Name: "i16x8.relaxed_laneselect", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedLaneselect:        {Name: "i32x4.relaxed_laneselect", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpI64x2RelaxedLaneselect:        {Name: "i64x2.relaxed_laneselect", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpF32x4RelaxedMin:               {Name: "f32x4.relaxed_min", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpF32x4RelaxedMax:               {Name: "f32x4.relaxed_max", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpF64x2RelaxedMin:               {Name: "f64x2.relaxed_min", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpF64x2RelaxedMax:               {Name: "f64x2.relaxed_max", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpI16x8RelaxedQ15mulrS:          {Name: "i16x8.relaxed_q15mulr_s", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpI16x8RelaxedDotI8x16I7x16S:    {Name: "i16x8.relaxed_dot_i8x16_i7x16_s", Sig: "vv:v", Feature: feature.RelaxedSIMD},
	OpI32x4RelaxedDotI8x16I7x16AddS: {Name: "i32x4.relaxed_dot_i8x16_i7x16_add_s", Sig: "vvv:v", Feature: feature.RelaxedSIMD},
	OpMemoryAtomicNotify:            {Name: "memory.atomic.notify", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpMemoryAtomicWait32:            {Name: "memory.atomic.wait32", Imm: ImmMemArg, Sig: "aiI:i", Align: 2, Feature: feature.Threads},
	OpMemoryAtomicWait64:            {Name: "memory.atomic.wait64", Imm: ImmMemArg, Sig: "aII:i", Align: 3, Feature: feature.Threads},
	OpAtomicFence:                   {Name: "atomic.fence", Imm: ImmFence, Sig: ":", Feature: feature.Threads},
	OpI32AtomicLoad:                 {Name: "i32.atomic.load", Imm: ImmMemArg, Sig: "a:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicLoad:                 {Name: "i64.atomic.load", Imm: ImmMemArg, Sig: "a:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicLoad8U:               {Name: "i32.atomic.load8_u", Imm: ImmMemArg, Sig: "a:i", Feature: feature.Threads},
	OpI32AtomicLoad16U:              {Name: "i32.atomic.load16_u", Imm: ImmMemArg, Sig: "a:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicLoad8U:               {Name: "i64.atomic.load8_u", Imm: ImmMemArg, Sig: "a:I", Feature: feature.Threads},
	OpI64AtomicLoad16U:              {Name: "i64.atomic.load16_u", Imm: ImmMemArg, Sig: "a:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicLoad32U:              {Name: "i64.atomic.load32_u", Imm: ImmMemArg, Sig: "a:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicStore:                {Name: "i32.atomic.store", Imm: ImmMemArg, Sig: "ai:", Align: 2, Feature: feature.Threads},
	OpI64AtomicStore:                {Name: "i64.atomic.store", Imm: ImmMemArg, Sig: "aI:", Align: 3, Feature: feature.Threads},
	OpI32AtomicStore8:               {Name: "i32.atomic.store8", Imm: ImmMemArg, Sig: "ai:", Feature: feature.Threads},
	OpI32AtomicStore16:              {Name: "i32.atomic.store16", Imm: ImmMemArg, Sig: "ai:", Align: 1, Feature: feature.Threads},
	OpI64AtomicStore8:               {Name: "i64.atomic.store8", Imm: ImmMemArg, Sig: "aI:", Feature: feature.Threads},
	OpI64AtomicStore16:              {Name: "i64.atomic.store16", Imm: ImmMemArg, Sig: "aI:", Align: 1, Feature: feature.Threads},
	OpI64AtomicStore32:              {Name: "i64.atomic.store32", Imm: ImmMemArg, Sig: "aI:", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwAdd:               {Name: "i32.atomic.rmw.add", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwAdd:               {Name: "i64.atomic.rmw.add", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8AddU:             {Name: "i32.atomic.rmw8.add_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16AddU:            {Name: "i32.atomic.rmw16.add_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8AddU:             {Name: "i64.atomic.rmw8.add_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16AddU:            {Name: "i64.atomic.rmw16.add_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32AddU:            {Name: "i64.atomic.rmw32.add_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwSub:               {Name: "i32.atomic.rmw.sub", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwSub:               {Name: "i64.atomic.rmw.sub", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8SubU:             {Name: "i32.atomic.rmw8.sub_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16SubU:            {Name: "i32.atomic.rmw16.sub_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8SubU:             {Name: "i64.atomic.rmw8.sub_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16SubU:            {Name: "i64.atomic.rmw16.sub_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32SubU:            {Name: "i64.atomic.rmw32.sub_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwAnd:               {Name: "i32.atomic.rmw.and", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwAnd:               {Name: "i64.atomic.rmw.and", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8AndU:             {Name: "i32.atomic.rmw8.and_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16AndU:            {Name: "i32.atomic.rmw16.and_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8AndU:             {Name: "i64.atomic.rmw8.and_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16AndU:            {Name: "i64.atomic.rmw16.and_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32AndU:            {Name: "i64.atomic.rmw32.and_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwOr:                {Name: "i32.atomic.rmw.or", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwOr:                {Name: "i64.atomic.rmw.or", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8OrU:              {Name: "i32.atomic.rmw8.or_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16OrU:             {Name: "i32.atomic.rmw16.or_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8OrU:              {Name: "i64.atomic.rmw8.or_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16OrU:             {Name: "i64.atomic.rmw16.or_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32OrU:             {Name: "i64.atomic.rmw32.or_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwXor:               {Name: "i32.atomic.rmw.xor", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwXor:               {Name: "i64.atomic.rmw.xor", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8XorU:             {Name: "i32.atomic.rmw8.xor_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16XorU:            {Name: "i32.atomic.rmw16.xor_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8XorU:             {Name: "i64.atomic.rmw8.xor_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16XorU:            {Name: "i64.atomic.rmw16.xor_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32XorU:            {Name: "i64.atomic.rmw32.xor_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwXchg:              {Name: "i32.atomic.rmw.xchg", Imm: ImmMemArg, Sig: "ai:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwXchg:              {Name: "i64.atomic.rmw.xchg", Imm: ImmMemArg, Sig: "aI:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8XchgU:            {Name: "i32.atomic.rmw8.xchg_u", Imm: ImmMemArg, Sig: "ai:i", Feature: feature.Threads},
	OpI32AtomicRmw16XchgU:           {Name: "i32.atomic.rmw16.xchg_u", Imm: ImmMemArg, Sig: "ai:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8XchgU:            {Name: "i64.atomic.rmw8.xchg_u", Imm: ImmMemArg, Sig: "aI:I", Feature: feature.Threads},
	OpI64AtomicRmw16XchgU:           {Name: "i64.atomic.rmw16.xchg_u", Imm: ImmMemArg, Sig: "aI:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32XchgU:           {Name: "i64.atomic.rmw32.xchg_u", Imm: ImmMemArg, Sig: "aI:I", Align: 2, Feature: feature.Threads},
	OpI32AtomicRmwCmpxchg:           {Name: "i32.atomic.rmw.cmpxchg", Imm: ImmMemArg, Sig: "aii:i", Align: 2, Feature: feature.Threads},
	OpI64AtomicRmwCmpxchg:           {Name: "i64.atomic.rmw.cmpxchg", Imm: ImmMemArg, Sig: "aII:I", Align: 3, Feature: feature.Threads},
	OpI32AtomicRmw8CmpxchgU:         {Name: "i32.atomic.rmw8.cmpxchg_u", Imm: ImmMemArg, Sig: "aii:i", Feature: feature.Threads},
	OpI32AtomicRmw16CmpxchgU:        {Name: "i32.atomic.rmw16.cmpxchg_u", Imm: ImmMemArg, Sig: "aii:i", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw8CmpxchgU:         {Name: "i64.atomic.rmw8.cmpxchg_u", Imm: ImmMemArg, Sig: "aII:I", Feature: feature.Threads},
	OpI64AtomicRmw16CmpxchgU:        {Name: "i64.atomic.rmw16.cmpxchg_u", Imm: ImmMemArg, Sig: "aII:I", Align: 1, Feature: feature.Threads},
	OpI64AtomicRmw32CmpxchgU:        {Name: "i64.atomic.rmw32.cmpxchg_u", Imm: ImmMemArg, Sig: "aII:I", Align: 2, Feature: feature.Threads},
	OpGlobalAtomicGet:               {Name: "global.atomic.get", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicSet:               {Name: "global.atomic.set", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwAdd:            {Name: "global.atomic.rmw.add", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwSub:            {Name: "global.atomic.rmw.sub", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwAnd:            {Name: "global.atomic.rmw.and", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwOr:             {Name: "global.atomic.rmw.or", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwXor:            {Name: "global.atomic.rmw.xor", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwXchg:           {Name: "global.atomic.rmw.xchg", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpGlobalAtomicRmwCmpxchg:        {Name: "global.atomic.rmw.cmpxchg", Imm: ImmOrderGlobal, Feature: feature.SharedEverythingThreads},
	OpTableAtomicGet:                {Name: "table.atomic.get", Imm: ImmOrderTable, Feature: feature.SharedEverythingThreads},
	OpTableAtomicSet:                {Name: "table.atomic.set", Imm: ImmOrderTable, Feature: feature.SharedEverythingThreads},
	OpTableAtomicRmwXchg:            {Name: "table.atomic.rmw.xchg", Imm: ImmOrderTable, Feature: feature.SharedEverythingThreads},
	OpTableAtomicRmwCmpxchg:         {Name: "table.atomic.rmw.cmpxchg", Imm: ImmOrderTable, Feature: feature.SharedEverythingThreads},
	OpStructAtomicGet:               {Name: "struct.atomic.get", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicGetS:              {Name: "struct.atomic.get_s", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicGetU:              {Name: "struct.atomic.get_u", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicSet:               {Name: "struct.atomic.set", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwAdd:            {Name: "struct.atomic.rmw.add", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwSub:            {Name: "struct.atomic.rmw.sub", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwAnd:            {Name: "struct.atomic.rmw.and", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwOr:             {Name: "struct.atomic.rmw.or", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwXor:            {Name: "struct.atomic.rmw.xor", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwXchg:           {Name: "struct.atomic.rmw.xchg", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpStructAtomicRmwCmpxchg:        {Name: "struct.atomic.rmw.cmpxchg", Imm: ImmOrderTypeField, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicGet:                {Name: "array.atomic.get", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicGetS:               {Name: "array.atomic.get_s", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicGetU:               {Name: "array.atomic.get_u", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicSet:                {Name: "array.atomic.set", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwAdd:             {Name: "array.atomic.rmw.add", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwSub:             {Name: "array.atomic.rmw.sub", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwAnd:             {Name: "array.atomic.rmw.and", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwOr:              {Name: "array.atomic.rmw.or", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwXor:             {Name: "array.atomic.rmw.xor", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwXchg:            {Name: "array.atomic.rmw.xchg", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpArrayAtomicRmwCmpxchg:         {Name: "array.atomic.rmw.cmpxchg", Imm: ImmOrderType, Feature: feature.SharedEverythingThreads},
	OpRefI31Shared:                  {Name: "ref.i31_shared", Const: ConstGC, Feature: feature.SharedEverythingThreads},
}
