"""Makes large inputs: a 千牛 order export in GB18030, and order lines in a warehouse."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import duckdb

HEADERS = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址 ",
    "运送方式",
    "联系电话 ",
    "联系手机",
    "订单创建时间",
    "订单付款时间 ",
    "宝贝标题 ",
    "宝贝种类 ",
    "物流单号 ",
    "物流公司",
    "订单备注",
    "宝贝总数量",
    "店铺Id",
    "店铺名称",
    "订单关闭原因",
    "卖家服务费",
    "买家服务费",
    "发票抬头",
    "是否手机订单",
    "分阶段订单信息",
    "特权订金订单id",
    "是否上传合同照片",
    "是否上传小票",
    "是否代付",
    "定金排名",
    "修改后的sku",
    "修改后的收货地址",
    "异常信息",
    "天猫卡券抵扣",
    "集分宝抵扣",
    "是否是O2O交易",
    "新零售交易类型",
    "新零售导购门店名称",
    "新零售导购门店id",
    "新零售发货门店名称",
    "新零售发货门店id",
    "退款金额",
    "预约门店",
    "确认收货时间",
    "打款商家金额",
    "含应开票给个人的个人红包",
]  # six of them end with a space, as the platform writes them
CELLS = {
    "订单编号": """'="' || (193000000000000000 + i) || '"'""",
    "买家会员名": "'tb' || (hash(i) % 2000000)",
    "买家支付宝账号": "'138' || lpad((hash(i) % 100000000)::text, 8, '0')",
    "买家应付货款": "amount::text",
    "买家应付邮费": "'0.00'",
    "买家支付积分": "'0'",
    "总金额": "amount::text",
    "返点积分": "'0'",
    "买家实际支付金额": "CASE WHEN i % 20 = 0 THEN '0.00' ELSE amount::text END",
    "买家实际支付积分": "'0'",
    "订单状态": "['交易关闭', '卖家已发货，等待买家确认', '交易成功'][1 + (i % 20 > 0)::INT + (i % 7 > 0)::INT]",
    "收货人姓名": "'张三丰'",
    "收货地址 ": "'浙江省 杭州市 余杭区 五常街道文一西路' || (i % 997) || '号某某小区3幢2单元(310000)'",
    "运送方式": "'快递'",
    "联系手机": "'''138' || lpad((i % 100000000)::text, 8, '0')",
    "订单创建时间": "strftime(created, '%Y-%m-%d %H:%M:%S')",
    "订单付款时间 ": "CASE WHEN i % 20 > 0 THEN strftime(created + INTERVAL 3 MINUTE, '%Y-%m-%d %H:%M:%S') ELSE '' END",
    "宝贝标题 ": "'夏季新款纯棉短袖T恤女宽松显瘦百搭上衣' || (i % 300)",
    "宝贝种类 ": "'1'",
    "物流单号 ": "'No:YT' || lpad(i::text, 12, '0')",
    "物流公司": "'圆通速递'",
    "宝贝总数量": "(1 + i % 3)::text",
    "店铺Id": "'0'",
    "店铺名称": "'某某旗舰店'",
    "订单关闭原因": "'订单未关闭'",
    "卖家服务费": "'0'",
    "买家服务费": "'0元'",
    "是否手机订单": "'手机订单'",
    "退款金额": "'0.00'",
    "确认收货时间": "CASE WHEN i % 20 * (i % 7) > 0 THEN strftime(created + INTERVAL 9 DAY, '%Y-%m-%d %H:%M:%S') END",
    "打款商家金额": "amount::text || '元'",
}


def qianniu_orders(target: Path, rows: int) -> Path:
    """Write a 54-column 千牛 order export of `rows` orders in GB18030 and return its path; an existing file is kept."""
    if target.exists():
        return target
    cells = ", ".join(f"""{CELLS.get(name, "''")} AS "{name}\"""" for name in HEADERS)
    source = f"""SELECT i, (5 + hash(i) % 40000 / 100.0)::DECIMAL(10, 2) AS amount,
        TIMESTAMP '2018-01-01' + INTERVAL (i * {700 * 86400 // rows or 1}) SECOND AS created
        FROM range({rows}) AS r(i)"""
    text = target.with_suffix(".utf8")
    duckdb.execute(f"COPY (SELECT {cells} FROM ({source}) ORDER BY i) TO '{text}' (FORMAT csv, HEADER, FORCE_QUOTE *)")
    transcode(text, target)
    text.unlink()
    return target


def transcode(source: Path, target: Path) -> None:
    """Copy UTF-8 text into GB18030, a megabyte at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        while block := incoming.read(1 << 20):
            outgoing.write(decoder.decode(block).encode("gb18030"))


if __name__ == "__main__":
    qianniu_orders(Path(sys.argv[1]), int(sys.argv[2]))
