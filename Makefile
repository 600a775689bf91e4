# What each command does is a contract; `make help` lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Any Python from 3.8 on makes the environments; shims that do not run are passed over.
PYTHON3 := $(shell for p in python3 python3.12 python3.13 python3.11 python3.10 python3.9 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin

.PHONY: help setup browser model run test check lint format train eval bench faults ingest seed migrate \
	pictures faq-export faq-import requirements clean

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z -]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## 建好两个 Python 环境和前端资源（已是最新则立即结束）
	@test -n "$(PYTHON3)" || { echo "需要 python3（3.8 或更新）才能开始，请先安装它。" >&2; exit 1; }
	@$(PYTHON3) -m setup

browser: setup ## 准备浏览器测试用的 Chromium 和中文字体
	@$(PYTHON3) -m setup browser

run: setup ## 启动整个系统，打印网址、演示账号和 ready；Ctrl-C 停止
	@exec $(BIN)/python -m launch run

model: setup ## 模型缺少或过期时训练
	@exec $(BIN)/python -m launch model

test: setup browser model ## 全部测试；只跑一部分：make test ARGS="-k 名称"
	@exec $(BIN)/python -m pytest $(ARGS)

lint: setup ## 格式、规范、类型、依赖方向
	@failed=; for tool in "ruff check ." "ruff format --check ." mypy "lint-imports --no-logo"; do \
		start=$$(date +%s); $(BIN)/$$tool || failed="$$failed $${tool%% *}"; \
		echo "== $$tool：$$(( $$(date +%s) - start )) 秒"; \
	done; test -z "$$failed" || { echo "未通过：$$failed" >&2; exit 1; }

# The tests run though lint has failed: one run tells everything that is wrong.
check: setup ## CI 所跑的全部检查：lint 和 test
	@$(MAKE) lint; lint=$$?; $(MAKE) test || exit 1; exit $$lint

format: setup ## 自动整理代码格式
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

train: setup ## 按 nlu_data 训练模型，并与线上模型比较：变差则不采用
	@exec $(BIN)/python -m launch train

seed: setup ## 向空数据库写入演示数据
	@exec $(BIN)/python -m launch seed

migrate: setup ## 把数据库表结构更新到最新
	@exec $(BIN)/python -m launch migrate

eval: setup ## 评测理解，与同行并排；换数据：TRAIN= TEST= 或 KB= QUERIES=，详见 docs/evaluation.md
	@exec .venv-rasa/bin/python -m nlu.evaluate $(if $(PEERS),--peers "$(PEERS)") \
		$(if $(TRAIN),--train "$(TRAIN)") $(if $(TEST),--test "$(TEST)") \
		$(if $(KB),--kb "$(KB)") $(if $(QUERIES),--queries "$(QUERIES)") \
		$(if $(NEAR_OOS),--near-oos "$(NEAR_OOS)") $(if $(FAR_OOS),--far-oos "$(FAR_OOS)") \
		$(if $(PUBLIC),--public "$(PUBLIC)") $(if $(filter-out 0,$(FAST)),--fast)

bench: setup model ## 压测，与同行并排：make bench PARTS="pushes turns"，详见 docs/operations.md
	@exec $(BIN)/python -m tests.load $(PARTS) $(ARGS)

faults: setup ## 故障演练：两千条消息，平台处处出错，进程被杀；详见 docs/benchmarks.md
	@exec $(BIN)/python -m tests.faults.run $(ARGS)

ingest: ## （后续版本提供）导入文档
	@echo "make $@ 由后续版本提供，目前还没有。" >&2; exit 1

faq-export: setup ## 把知识库导出为 YAML：make faq-export FOLDER=目录
	@exec $(BIN)/python -m launch faq-export "$(or $(FOLDER),nlu_data/faq)"

faq-import: setup ## 比较文件与知识库：make faq-import FILES=目录或文件；加 AS=账号 则提交审核
	@exec $(BIN)/python -m launch faq-import $(or $(FILES),nlu_data/faq) $(if $(AS),--as "$(AS)")

pictures: setup browser model ## 从运行中的系统重拍 README 的图片
	@exec $(BIN)/python -m launch.pictures

requirements: ## 按 requirements/*.in 重新锁定版本
	@$(PYTHON3) -m setup requirements

clean: ## 删除数据、模型和缓存（环境保留；连环境一起删：make clean ALL=1）
	@exec $(PYTHON3) -m setup clean$(if $(ALL),-all)
