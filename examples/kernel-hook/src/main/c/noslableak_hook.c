// SPDX-License-Identifier: GPL-2.0
/*
 * A hook on the close of files and sockets, with the bug of the case study and two more, to be
 * found by annotated tests. It leaks kernel memory on purpose: for a throw-away VM only, and it
 * refuses to load elsewhere.
 *
 * filp_close() is diverted by ftrace to leaky_filp_close(), as live patching does it; everything
 * used here is exported. The hook takes a reference on a copy of the file's path, calls the
 * original, and gives the reference back. On the kernel of the case study (2015) __fput() nulled
 * file->f_path, so that path_put() was given NULLs and did nothing, silently. Today's __fput() does
 * not, so the leaky mode nulls the copy itself, and calls path_put() all the same.
 *
 * Each setting and counter is a file in /sys/module/noslableak_hook/parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/version.h>

#if !defined(CONFIG_X86_64)
#error "noslableak_hook: for x86-64 only"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#error "noslableak_hook: needs Linux 5.11 or later, whose ftrace hands its callbacks ftrace_regs"
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#error "noslableak_hook: needs Linux before 6.6, where close(2) stopped calling filp_close()"
#endif
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#error "noslableak_hook: needs a kernel with CONFIG_DYNAMIC_FTRACE_WITH_REGS=y"
#endif
#if !defined(CONFIG_SYSFS) || !defined(CONFIG_MODULE_UNLOAD)
#error "noslableak_hook: needs a kernel with CONFIG_SYSFS=y and CONFIG_MODULE_UNLOAD=y"
#endif

#include <asm/cpufeature.h>
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/path.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

/* --- what the hook did ----------------------------------------------------------------------- */

static atomic64_t hooked;  /* closes that the filters let through */
static atomic64_t leaked;  /* references of those that were not given back */
static atomic64_t pinned;  /* references on the root of a volume that were not given back */
static atomic64_t dropped; /* records lost by noslableak_submit() */
static atomic64_t phase;   /* closes since `every' was last set */

static int counter_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lld\n", atomic64_read((atomic64_t *)kp->arg));
}

static const struct kernel_param_ops counter_ops = { .get = counter_get };

module_param_cb(hooked, &counter_ops, &hooked, 0444);
MODULE_PARM_DESC(hooked, "closes that were hooked (read only)");
module_param_cb(leaked, &counter_ops, &leaked, 0444);
MODULE_PARM_DESC(leaked, "references on paths that were leaked (read only)");
module_param_cb(pinned, &counter_ops, &pinned, 0444);
MODULE_PARM_DESC(pinned, "references on the roots of volumes that were leaked (read only)");
module_param_cb(dropped, &counter_ops, &dropped, 0444);
MODULE_PARM_DESC(dropped, "records that were leaked (read only)");

/* --- settings -------------------------------------------------------------------------------- */

static bool leak;
module_param(leak, bool, 0644);
MODULE_PARM_DESC(leak, "give path_put() NULLs instead of the reference (default N)");

static bool pin;
module_param(pin, bool, 0644);
MODULE_PARM_DESC(pin, "keep a reference on the root of each closed file's volume (default N)");

static unsigned int every = 1;

static int every_set(const char *value, const struct kernel_param *kp)
{
	int error = param_set_uint_minmax(value, kp, 1, 1000000);

	if (!error)
		atomic64_set(&phase, 0);
	return error;
}

static const struct kernel_param_ops every_ops = { .set = every_set, .get = param_get_uint };
module_param_cb(every, &every_ops, &every, 0644);
MODULE_PARM_DESC(every, "leak on every so manieth close, 1 to 1000000 (default 1)");

static unsigned int tgid;

static int tgid_set(const char *value, const struct kernel_param *kp)
{
	return param_set_uint_minmax(value, kp, 0, PID_MAX_LIMIT);
}

static const struct kernel_param_ops tgid_ops = { .set = tgid_set, .get = param_get_uint };
module_param_cb(tgid, &tgid_ops, &tgid, 0644);
MODULE_PARM_DESC(tgid, "hook this process only; 0 for every one (default 0)");

static ulong cap;
module_param(cap, ulong, 0644);
MODULE_PARM_DESC(cap, "stop leaking after so many in all; 0 for no limit (default 0)");

enum kind { ALL, FILES, SOCKETS };

static const char *const kinds[] = { "all", "files", "sockets" };
static unsigned int only = ALL;

static int only_set(const char *value, const struct kernel_param *kp)
{
	int kind = __sysfs_match_string(kinds, ARRAY_SIZE(kinds), value);

	if (kind < 0)
		return kind;
	WRITE_ONCE(only, kind);
	return 0;
}

static int only_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", kinds[READ_ONCE(only)]);
}

static const struct kernel_param_ops only_ops = { .set = only_set, .get = only_get };
module_param_cb(only, &only_ops, &only, 0644);
MODULE_PARM_DESC(only, "what to hook: all, files or sockets (default all)");

/* --- the hook -------------------------------------------------------------------------------- */

/* Files with data and sockets; not what a process reads about itself and the kernel. */
static bool is_hooked(struct file *file)
{
	unsigned int process = READ_ONCE(tgid);
	unsigned int kind = READ_ONCE(only);

	if (process && process != current->tgid)
		return false;
	if (S_ISSOCK(file_inode(file)->i_mode))
		return kind != FILES;
	if (!S_ISREG(file_inode(file)->i_mode) || kind == SOCKETS)
		return false;
	switch (file_inode(file)->i_sb->s_magic) {
	case PROC_SUPER_MAGIC:
	case SYSFS_MAGIC:
	case DEBUGFS_MAGIC:
	case TRACEFS_MAGIC:
		return false;
	default:
		return true;
	}
}

static bool is_leaked(void)
{
	unsigned long limit = READ_ONCE(cap);

	if (!READ_ONCE(leak))
		return false;
	if (atomic64_inc_return(&phase) % READ_ONCE(every))
		return false;
	return atomic64_add_unless(&leaked, 1, limit ? limit : LLONG_MAX);
}

static noinline void leaky_pre_close(struct file *file, struct path *path)
{
	*path = file->f_path;
	path_get(path);
	barrier(); /* No tail call: this function is to be seen on the stack. */
}

static noinline void leaky_post_close(struct path *path)
{
	if (is_leaked()) {
		path->mnt = NULL;
		path->dentry = NULL;
	}
	path_put(path);
	barrier();
}

/* Bug two: one more reference on the same dentry and mount each time. No counter shows it. */
static noinline void leaky_note_volume(struct path *path)
{
	struct path volume = { .mnt = path->mnt, .dentry = path->mnt->mnt_root };

	path_get(&volume);
	atomic64_inc(&pinned);
	barrier();
}

/* Runs in place of filp_close(), with a reference on this module that ftrace's callback took. */
static noinline int leaky_filp_close(struct file *file, fl_owner_t id)
{
	struct path path;
	int result;

	if (!file_count(file) || !is_hooked(file)) {
		result = filp_close(file, id);
	} else {
		atomic64_inc(&hooked);
		leaky_pre_close(file, &path);
		if (READ_ONCE(pin))
			leaky_note_volume(&path);
		result = filp_close(file, id);
		leaky_post_close(&path);
	}
	module_put(THIS_MODULE);
	return result;
}

/*
 * A diverted call holds a reference on the module until its last instructions, so that rmmod is
 * refused meanwhile, and once rmmod has begun no further call is diverted.
 */
static void notrace divert(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	if (!regs || !in_task() || (current->flags & PF_KTHREAD))
		return;
	if (within_module(parent_ip, THIS_MODULE)) /* leaky_filp_close() calls the original. */
		return;
	if (try_module_get(THIS_MODULE))
		regs->ip = (unsigned long)leaky_filp_close;
}

static struct ftrace_ops diversion = {
	.func = divert,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION,
};

/* --- bug three: a record that is not freed on the error path, or never taken off a list ------- */

struct record {
	char text[200]; /* In a slab of 256, with the rest. */
	struct list_head link;
};

static LIST_HEAD(leaky_records);

/*
 * Takes "ok ..." and gives it back at once; takes "keep ...", puts it on a list, and never looks at
 * that again; refuses everything else, and forgets to free it. Called with the lock of the
 * module's parameters held.
 */
static noinline int leaky_submit(const char *value, const struct kernel_param *kp)
{
	struct record *record = kmalloc(sizeof(*record), GFP_KERNEL);

	if (!record)
		return -ENOMEM;
	strscpy(record->text, value, sizeof(record->text));
	if (!strncmp(record->text, "keep", 4)) {
		list_add(&record->link, &leaky_records);
		atomic64_inc(&dropped);
		return 0;
	}
	if (strncmp(record->text, "ok", 2)) {
		atomic64_inc(&dropped);
		return -EINVAL;
	}
	kfree(record);
	return 0;
}

static const struct kernel_param_ops submit_ops = { .set = leaky_submit };
module_param_cb(submit, &submit_ops, NULL, 0200);
MODULE_PARM_DESC(submit, "takes a record that starts with ok; one that starts with keep is kept for ever; others are refused and leak");

/* --- module ---------------------------------------------------------------------------------- */

static int __init leaky_init(void)
{
	static char name[] = "filp_close";
	int error;

	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR)) {
		pr_err("this is not a virtual machine; I leak kernel memory and load in a throw-away VM only\n");
		return -EPERM;
	}
	error = ftrace_set_filter(&diversion, name, sizeof(name) - 1, 1);
	if (error) {
		pr_err("cannot trace filp_close: %d\n", error);
		return error;
	}
	error = register_ftrace_function(&diversion);
	if (error) {
		pr_err("cannot divert filp_close: %d\n", error);
		ftrace_free_filter(&diversion);
		return error;
	}
	return 0;
}

static void __exit leaky_exit(void)
{
	unregister_ftrace_function(&diversion);
	ftrace_free_filter(&diversion);
	/* Whoever gave its reference back still had a few instructions of this module to run. */
	synchronize_rcu_tasks();
}

module_init(leaky_init);
module_exit(leaky_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A close() hook that leaks on purpose, for NoSlabLeak's tests in a throw-away VM");
