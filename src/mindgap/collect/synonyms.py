"""What columns are called in English and both Chinese scripts, per field; compared without case, blanks and marks."""

import re

_MARKS = re.compile(r"[\W_]+")

FIELDS: dict[str, tuple[str, ...]] = {
    "order": ("order id", "order number", "order no", "订单号", "订单编号", "订单ID", "訂單編號", "訂單號碼", "訂單號"),
    "ticket": (
        "ticket id", "ticket number", "ticket", "case id", "case number", "transaction id", "interaction id", "key",
        "工单号", "工单编号", "流水号", "单号", "案件編號", "工單編號", "流水號", "單號",
    ),
    "response": (
        "response id", "answer id", "submission id", "review id", "respondent id", "feedback id", "survey response id",
        "答卷编号", "答卷id", "问卷编号", "回复编号", "評價編號", "回覆編號", "問卷編號", "答卷編號",
    ),
    "number": ("id", "no", "number", "序号", "编号", "序號", "編號"),
    "email": ("email", "e-mail", "email address", "mail", "邮箱", "电子邮箱", "邮件地址", "電子郵件", "電子信箱", "信箱"),
    "phone": (
        "phone", "phone number", "mobile", "mobile number", "telephone", "手机", "手机号", "手机号码", "电话", "联系电话",
        "手機", "手機號碼", "電話", "聯絡電話",
    ),
    "customer": (
        "customer", "customer id", "customer number", "customer no", "customer code", "customer unique id", "user id",
        "member id", "contact id", "client id", "account id", "客户", "客户编号", "客户号", "客户id", "会员号", "会员编号",
        "用户id", "客戶", "客戶編號", "客戶代號", "會員編號", "會員號",
    ),
    "wecom": ("external userid", "wecom id", "wecom external userid", "企业微信id", "企業微信id"),
    "customer_name": ("customer name", "name", "full name", "contact name", "姓名", "客户姓名", "客户名称", "客戶姓名", "客戶名稱"),
    "language": ("language", "locale", "lang", "语言", "語言"),
    "touchpoint": ("touchpoint", "touch point", "touchpoint code", "触点", "接触点", "接觸點", "觸點"),
    "channel": ("channel", "渠道", "管道", "通路", "来源渠道", "來源管道"),
    "unit": (
        "unit", "store", "branch", "shop", "store id", "store code", "branch code", "team", "outlet", "门店", "门店编号",
        "网点", "店铺", "分店", "门店名称", "門市", "門市代號", "分行", "店鋪", "門店",
    ),
    "started": (
        "started at", "started", "start", "start date", "start time", "ordered at", "order date", "order time",
        "created at", "created", "creation date", "opened at", "purchased at", "purchase date", "order purchase timestamp",
        "下单时间", "下单日期", "订单日期", "订单时间", "开始时间", "创建时间", "受理时间", "下單時間", "下單日期", "訂單日期",
        "訂單時間", "開始時間", "建立時間", "受理時間",
    ),
    "promised": (
        "promised", "promised at", "promised date", "promised time", "promise", "due", "due at", "due date", "deadline",
        "estimated delivery date", "order estimated delivery date", "eta", "promised days", "承诺时间", "承诺日期",
        "承诺送达时间", "承诺送达日期", "承诺天数", "预计送达", "预计送达时间", "预计送达日期", "约定时间", "承諾時間", "承諾日期",
        "承諾送達時間", "承諾送達日期", "承諾天數", "預計送達", "預計送達時間", "預計送達日期", "約定時間", "預計到貨日",
    ),
    "experienced": (
        "experienced", "experienced at", "actual", "actual date", "delivered", "delivered at", "delivery date",
        "delivered date", "completed at", "finished at", "resolved at", "closed at", "arrived at", "end date", "actual days",
        "order delivered customer date", "实际送达", "实际送达时间", "实际送达日期", "送达时间", "送达日期", "签收时间", "完成时间",
        "实际天数", "實際送達", "實際送達時間", "實際送達日期", "送達時間", "送達日期", "簽收時間", "完成時間", "實際天數", "到貨日",
    ),
    "expected": ("expected", "expected at", "expected date", "expected days", "期望时间", "期望日期", "期望天数", "期望時間", "期望日期", "期望天數"),
    "asked": (
        "asked at", "asked", "sent at", "invited at", "invitation date", "review creation date", "邀请时间", "发送时间", "邀請時間",
        "發送時間",
    ),
    "answered": (
        "answered at", "answered", "answer date", "submitted at", "submit date", "submit time", "submission date",
        "recorded date", "response date", "review date", "review answer timestamp", "timestamp", "date", "time",
        "提交时间", "提交答卷时间", "答题时间", "填写时间", "评价时间", "评价日期", "回复时间", "日期", "时间", "提交時間", "答題時間",
        "填寫時間", "評價時間", "評價日期", "回覆時間", "時間",
    ),
    "likelihood": (
        "nps", "nps score", "likelihood", "likelihood to recommend", "recommend", "recommendation", "how likely",
        "净推荐值", "推荐意愿", "推荐度", "推荐分", "淨推薦值", "推薦意願", "推薦度", "推薦分數",
    ),
    "satisfaction": (
        "satisfaction", "satisfaction score", "csat", "csat score", "score", "rating", "stars", "review score", "overall satisfaction",
        "满意度", "总体满意度", "评分", "星级", "打分", "客户满意度", "滿意度", "整體滿意度", "評分", "星等", "客戶滿意度",
    ),
    "effort": ("ces", "effort", "effort score", "customer effort score", "ease", "费力度", "省力度", "費力度", "省力度"),
    "comment": (
        "comment", "comments", "feedback", "verbatim", "review", "review comment message", "message", "suggestion",
        "remarks", "评论", "评价", "评价内容", "意见", "意见建议", "建议", "留言", "原文", "备注", "評論", "評價", "評價內容", "意見",
        "意見建議", "建議", "備註",
    ),
    "revenue": ("revenue", "amount", "order amount", "order value", "total", "payment value", "订单金额", "金额", "实付金额", "訂單金額", "金額", "實付金額"),
    "cost": ("cost", "成本"),
    "currency": ("currency", "币种", "幣別"),
    "region": ("region", "area", "district", "state", "province", "customer state", "地区", "区域", "省份", "大区", "地區", "區域", "縣市"),
    "city": ("city", "customer city", "城市"),
    "tier": ("tier", "level", "customer tier", "member level", "segment", "客群", "会员等级", "客户等级", "等级", "會員等級", "客戶等級", "等級"),
}  # fmt: skip

# Columns of a list of touchpoints or promises, by the field of the mapping's part.
REGISTERS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码", "编号", "編碼", "代碼", "編號"),
    "name": ("name", "名称", "名稱", "title"),
    "kind": ("kind", "type", "类型", "類型"),
    "journey": ("journey", "旅程", "客户旅程", "客戶旅程"),
    "stage": ("stage", "阶段", "階段"),
    "measure": ("measure", "度量", "指标", "指標"),
    "partner": ("partner", "合作方", "合作夥伴"),
    "is_moment_of_truth": ("is moment of truth", "moment of truth", "关键时刻", "關鍵時刻"),
    "is_controllable": ("is controllable", "controllable", "可控"),
    "is_observed": ("is observed", "observed"),
    "touchpoint": ("touchpoint", "触点", "接触点", "接觸點", "觸點"),
    "bound": ("bound", "direction", "界限", "方向"),
    "quantity": ("quantity", "value", "promised", "承诺值", "数值", "承諾值", "數值"),
    "rule": ("rule", "规则", "規則"),
    "starts": ("starts", "start event", "起算", "起算事件"),
    "conditions": ("conditions", "condition", "条件", "條件"),
    "is_time_critical": ("is time critical", "time critical", "时间敏感", "時間敏感"),
}


def plain(name: str) -> str:
    """A name of a column as names are compared."""
    return _MARKS.sub("", name.casefold())


FIELD_OF = {plain(word): field for field, words in reversed(FIELDS.items()) for word in words}
REGISTER_OF = {plain(word): field for field, words in REGISTERS.items() for word in words}
